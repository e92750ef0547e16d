// healthcheck.mjs PORT: 0 where the server on this machine answers with its health, else 1 and why. A camera that is away
// is told on the desk and by metrics; the server itself is well then.
const port = Number(process.argv[2] ?? 8080);
const token = process.env.GATEHOUSE_TOKEN;

try {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    signal: AbortSignal.timeout(4000),
  });
  const health = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${health.code ?? ''}`);
  process.stdout.write(`${health.status}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
