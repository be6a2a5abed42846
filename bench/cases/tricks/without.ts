import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A change that makes the server plain at one place: `trick` must occur in the file once. */
export type Plain = { file: string; trick: string; plain: string }

const root = join(import.meta.dirname, '../../..')

/** Copies the server into `dir` without some of its parts. Returns the script that starts it. */
export function copyWithout(dir: string, ...changes: Plain[]): string {
  for (const part of ['server', 'sdk', 'package.json'])
    cpSync(join(root, part), join(dir, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  for (const { file, trick, plain } of changes) {
    const text = readFileSync(join(dir, file), 'utf8')
    if (text.split(trick).length !== 2) throw new Error(`${file} does not contain once: ${trick}`)
    writeFileSync(
      join(dir, file),
      text.replace(trick, () => plain),
    )
  }
  return join(dir, 'server/main.ts')
}
