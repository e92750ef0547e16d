import { describe, expect, test } from 'vitest';
import { Scope } from '../../server/base/scope.js';

describe('a scope', () => {
  test('closes its parts in reverse, one after the other', async () => {
    const scope = new Scope();
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      await scope.add(name, async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      });
    }
    await scope.close();
    expect(order).toEqual(['c begins', 'c ends', 'b begins', 'b ends', 'a begins', 'a ends']);
  });

  test('closes once, however often it is asked to', async () => {
    const scope = new Scope();
    let closed = 0;
    await scope.add('a', () => {
      closed++;
    });
    const first = scope.close();
    expect(scope.close()).toBe(first);
    await first;
    await scope.close();
    expect(closed).toBe(1);
  });

  test('goes on after a part that fails, and then says which and why', async () => {
    const scope = new Scope();
    const order: string[] = [];
    const fault = new Error('stuck');
    await scope.add('a', () => void order.push('a'));
    await scope.add('b', () => {
      throw fault;
    });
    await scope.add('c', () => Promise.reject(new Error('also')));
    const error: unknown = await scope.close().catch((thrown: unknown) => thrown);
    expect(order).toEqual(['a']);
    expect(error).toBeInstanceOf(AggregateError);
    const errors = (error as AggregateError).errors as Error[];
    expect(errors.map(({ message }) => message)).toEqual(['closing c failed', 'closing b failed']);
    expect(errors[1].cause).toBe(fault);
  });

  test('closes at once what is added while it closes, or after', async () => {
    const scope = new Scope();
    const order: string[] = [];
    await scope.add('late starter', async () => {
      await scope.add('started too late', () => void order.push('inner'));
      order.push('outer');
    });
    await scope.close();
    await scope.add('after', () => void order.push('after'));
    expect(order).toEqual(['inner', 'outer', 'after']);
  });
});
