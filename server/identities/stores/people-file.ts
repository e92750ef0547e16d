import { z } from 'zod';
import type { EnrolledPerson } from '../person.js';

/** Counts up when the file's shape changes; a reader refuses what is newer than itself. */
export const PEOPLE_FILE_VERSION = 1;

const peopleFile = z.object({
  version: z.literal(PEOPLE_FILE_VERSION),
  people: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string().min(1),
      samples: z.array(
        z.object({
          photo: z.string().min(1),
          sha256: z.string().regex(/^[0-9a-f]{64}$/u),
          network: z.string().min(1),
          /** float32, little endian, base64; how many is the network's affair. */
          embedding: z.string().refine(isEmbedding, 'an embedding'),
          enrolledAt: z.string().min(1),
        }),
      ),
    }),
  ),
});

/** What `people.json` holds. */
export type PeopleFile = z.infer<typeof peopleFile>;

/** People as `people.json` keeps them: 684 characters an embedding of 128 instead of about 2,500 as decimal numbers. */
export function toPeopleFile(people: readonly EnrolledPerson[]): PeopleFile {
  return {
    version: PEOPLE_FILE_VERSION,
    people: people.map(({ id, name, samples }) => ({
      id,
      name,
      samples: samples.map((sample) => ({ ...sample, embedding: toBase64(sample.embedding) })),
    })),
  };
}

/** The inverse of toPeopleFile. */
export function fromPeopleFile(file: PeopleFile): EnrolledPerson[] {
  return file.people.map((person) => ({
    ...person,
    samples: person.samples.map((sample) => ({ ...sample, embedding: fromBase64(sample.embedding) })),
  }));
}

/** Checks the text of a `people.json`; throws an Error that says what is wrong with it. */
export function parsePeopleFile(text: string): PeopleFile {
  const content: unknown = JSON.parse(text);
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > PEOPLE_FILE_VERSION) {
    throw new Error(
      `it was written by a newer Gatehouse (version ${version}, this one reads ${PEOPLE_FILE_VERSION})`,
    );
  }
  const parsed = peopleFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues.at(0);
  throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`);
}

function isEmbedding(text: string): boolean {
  const { length } = Buffer.from(text, 'base64');
  return length > 0 && length % Float32Array.BYTES_PER_ELEMENT === 0;
}

function toBase64(embedding: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(embedding.length * Float32Array.BYTES_PER_ELEMENT));
  embedding.forEach((number, index) => bytes.setFloat32(index * 4, number, true));
  return Buffer.from(bytes.buffer).toString('base64');
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
