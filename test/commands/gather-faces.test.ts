import { expect, it } from 'vitest';
import { gatherFaces } from '../../server/commands/adapt/gather-faces.js';
import type { LabelledFace } from '../../server/identities/labelled-visits.js';
import { embeddingOf, enrolledPerson } from '../fixtures/enrolled-person.js';

const network = { network: 'dlib-resnet', length: 128 };
const people = (count: number, photos: number) =>
  Array.from({ length: count }, (_, n) => enrolledPerson(`person-${n}`, photos));
const visit = (person: string | null, n = 0): LabelledFace => ({
  visit: `${person}-${n}`,
  person,
  embedding: embeddingOf(`visit ${person} ${n}`),
});

it('takes the photos of the gallery and the faces of visits, a number a person', () => {
  const { faces, ...counts } = gatherFaces(
    people(5, 2),
    [visit('person-1'), visit('bo'), visit(null, 1), visit(null, 2)],
    network,
    1,
  );
  expect(counts).toEqual({ people: 6, several: 5, leftOut: 0 });
  expect(faces.people).toHaveLength(14);
  expect(faces.embeddings).toHaveLength(14 * 128);
  const sizes = [...new Set(faces.people)].map(
    (one) => faces.people.filter((person) => person === one).length,
  );
  expect(sizes.sort()).toEqual([1, 1, 1, 2, 2, 2, 2, 3]);
  expect(faces.people.filter((person) => person < 0)).toHaveLength(2);
});

it('counts visits as photos, and says what is missing', () => {
  const once = people(5, 1);
  expect(() => gatherFaces(once, [], network, 1)).toThrow('5 people with at least 2 photos each');
  expect(() => gatherFaces(people(5, 2), [], { network: 'facenet-nn4', length: 128 }, 1)).toThrow(
    'of 0 enrolled with facenet-nn4',
  );
  const visits = once.map(({ id }) => visit(id));
  expect(() => gatherFaces(once, visits.slice(1), network, 1)).toThrow(
    expect.objectContaining({ code: 'ADAPTATION_TOO_FEW' }),
  );
  expect(gatherFaces(once, visits, network, 1).several).toBe(5);
});

it('bounds what is learned from', () => {
  const many = gatherFaces([...people(80, 30), enrolledPerson('alone')], [visit(null)], network, 1);
  expect(many.faces.people).toHaveLength(1500);
  expect(many.leftOut).toBe(80 * 30 + 2 - 1500);
  expect(many.faces.people.filter((person) => person === many.faces.people[0])).toHaveLength(20);
  expect(gatherFaces(people(80, 30), [], network, 1)).toEqual(gatherFaces(people(80, 30), [], network, 1));
});

it('takes embeddings of any length, and refuses one of another than the network makes', () => {
  const long = Array.from({ length: 5 }, (_, n) => {
    const person = enrolledPerson(`person-${n}`, 2);
    const samples = person.samples.map((sample) => ({
      ...sample,
      network: 'faceres',
      embedding: Float32Array.from({ length: 1024 }, (_, i) => sample.embedding[i % 128]),
    }));
    return { ...person, samples };
  });
  const { faces } = gatherFaces(long, [], { network: 'faceres', length: 1024 }, 1);
  expect(faces.length).toBe(1024);
  expect(faces.embeddings).toHaveLength(10 * 1024);
  expect(() => gatherFaces(long, [], { network: 'faceres', length: 512 }, 1)).toThrow(
    expect.objectContaining({ code: 'EMBEDDING_INVALID' }),
  );
});
