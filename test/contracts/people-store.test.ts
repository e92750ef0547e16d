import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { memoryStore } from '../../server/identities/stores/memory.js';
import { peopleStoreContract } from './people-store.js';

peopleStoreContract('memory', () => {
  const store = memoryStore();
  return Promise.resolve({ store, again: () => store });
});

peopleStoreContract('lowdb', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'gatehouse-people-')), 'data');
  return { store: lowdbStore(folder), again: () => lowdbStore(folder) };
});
