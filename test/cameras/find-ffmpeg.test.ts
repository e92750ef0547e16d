import { chmod, copyFile, mkdtemp, mkdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';

const packaged = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path;

describe.skipIf(process.platform === 'win32')(
  'finding ffmpeg (not on Windows: stands on shell scripts)',
  () => {
    let folder: string;
    /** A program that answers as an ffmpeg does. */
    const program = async (name: string, body: string) => {
      await mkdir(join(folder, name), { recursive: true });
      const path = join(folder, name, 'ffmpeg');
      await writeFile(path, `#!/bin/sh\n${body}\n`);
      await chmod(path, 0o755);
      return path;
    };
    const answering = (version: string, timeout: string) =>
      `case "$*" in *demuxer*) echo "-rtsp_transport"; echo "-${timeout} <int>";; *) echo "ffmpeg version ${version} Copyright";; esac`;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gatehouse-ffmpeg-'));
    });

    it('takes FFMPEG_PATH before all others and knows a new build', async () => {
      const named = await program('named', answering('7.1', 'timeout'));
      const system = await program('system', answering('4.4', 'stimeout'));
      const found = await findFfmpeg({ env: { FFMPEG_PATH: named, PATH: join(system, '..') } });
      expect(found).toEqual({
        path: named,
        version: '7.1',
        origin: 'FFMPEG_PATH',
        dialect: 'new',
        passedOver: [],
      });
    });

    it("takes the system's next and knows an old build", async () => {
      const system = await program('system', answering('4.4', 'stimeout'));
      const PATH = ['/nowhere', join(system, '..')].join(delimiter);
      const found = await findFfmpeg({ env: { PATH } });
      expect(found).toMatchObject({ path: system, version: '4.4', origin: 'system', dialect: 'old' });
      expect(found.passedOver).toEqual([{ origin: 'FFMPEG_PATH', path: null, reason: 'not set' }]);
    });

    it('takes the package where the system has none, and says why', async () => {
      const found = await findFfmpeg({ env: { PATH: '/nowhere' } });
      expect(found).toMatchObject({ path: packaged, origin: 'package' });
      expect(found.passedOver.map(({ reason }) => reason)).toEqual(['not set', 'no ffmpeg on the PATH']);
    });

    it('passes over one that does not run', async () => {
      const broken = await program(
        'broken',
        'echo "error while loading shared libraries: libx.so" >&2; exit 127',
      );
      const found = await findFfmpeg({ env: { PATH: join(broken, '..') } });
      expect(found.origin).toBe('package');
      expect(found.passedOver[1]).toMatchObject({
        path: broken,
        reason: expect.stringContaining('libx.so') as string,
      });
    });

    it('passes over one that was built without RTSP', async () => {
      const partial = await program('partial', 'echo "ffmpeg version 6.0"');
      const found = await findFfmpeg({ env: { PATH: join(partial, '..') } });
      expect(found.passedOver[1].reason).toContain('without RTSP');
    });

    it('sets the executable bit of the package where its install script was not run', async () => {
      const path = join(folder, 'unset-ffmpeg');
      await copyFile(packaged, path);
      await chmod(path, 0o644);
      const found = await findFfmpeg({ env: {}, packaged: () => path });
      expect(found.path).toBe(path);
      expect((await stat(path)).mode & 0o111).not.toBe(0);
    });

    it('refuses a FFMPEG_PATH that is not one rather than taking another', async () => {
      const error = findFfmpeg({ env: { FFMPEG_PATH: '/nowhere/ffmpeg' } });
      await expect(error).rejects.toMatchObject({ code: 'FFMPEG_BROKEN', exitCode: 69 });
      await expect(error).rejects.toThrow('/nowhere/ffmpeg, but it does not run: no such file');
    });

    it('says where it looked when there is none', async () => {
      const search = { env: {}, packaged: () => null };
      await expect(findFfmpeg(search)).rejects.toMatchObject({ code: 'FFMPEG_NOT_FOUND' });
      await expect(findFfmpeg(search)).rejects.toThrow(
        /FFMPEG_PATH: not set; system: no ffmpeg on the PATH; package: no build/,
      );
    });
  },
);
