import { exitCodes } from './cli/execute.ts'
import { runTyped } from './cli/shell.ts'

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted)
    interrupted.abort()
  })
}
process.exitCode = await runTyped(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  terminal: {
    out: text => console.log(text),
    note: text => console.error(text),
    bytes: process.stdout.isTTY ? undefined : process.stdout,
  },
  prompt: text => process.stderr.write(text),
  signal: interrupted.signal,
})
// Exit explicitly, because handles that a driver left open must not keep the shell waiting.
process.stdout.write('', () => process.exit())
