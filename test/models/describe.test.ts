import { expect, it } from 'vitest';
import { Description } from '../../models/describe.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';

const picture = { height: 8, width: 8, mean: [0, 0, 0], factor: 1 } as const;

it('refuses to add maps of different depth', () => {
  const net = new Description('wrong', picture);
  const a = net.convolution(net.picture, 4, { size: 1, filters: 'a' });
  const b = net.convolution(net.picture, 5, { size: 1, filters: 'b' });
  expect(() => net.add(a, b)).toThrow('wrong: adds 4 to 5 channels');
});

it('refuses to use one weight twice', () => {
  const net = new Description('wrong', picture);
  net.convolution(net.picture, 4, { size: 1, filters: 'a' });
  expect(() => net.convolution(net.picture, 4, { size: 1, filters: 'a' })).toThrow(
    'the weight a is named twice',
  );
});

it('is plain data: it survives being cloned', () => {
  expect(structuredClone(facenetNn4())).toEqual(facenetNn4());
});

it('has as many parameters in nn4.small2 as OpenFace says', () => {
  // 3 733 968 learned ones; means and variances of the batch norms are counted apart there.
  const learned = [...facenetNn4().weights]
    .filter(([name]) => !/_[mv]$/.test(name))
    .map(([, shape]) => shape.reduce((all, length) => all * length, 1));
  expect(learned.reduce((sum, count) => sum + count, 0)).toBe(3_733_968);
});

it('differs between the two pools of nn4 only in those three pools', () => {
  const ops = (pool: 'l2' | 'average') => facenetNn4(pool).layers.map(({ op }) => op);
  expect(ops('l2').filter((op) => op === 'l2Pool')).toHaveLength(3);
  expect(ops('average')).toEqual(ops('l2').map((op) => (op === 'l2Pool' ? 'averagePool' : op)));
});
