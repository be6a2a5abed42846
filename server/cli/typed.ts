import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Parts, type RawValue, UsageError } from '../platform/command/command.ts'

/**
 * Completes values where the command is typed: files become absolute paths, and each secret given as `-` takes one
 * line of standard input, in the order in which the command declares them. Throws UsageError.
 */
export async function completeValues(
  command: { parts: Parts },
  values: Record<string, RawValue>,
  stdin: Readable & { isTTY?: boolean },
  prompt: (text: string) => void,
): Promise<Record<string, RawValue>> {
  const complete = { ...values }
  const wanted: { name: string; flags: string }[] = []
  for (const [name, part] of Object.entries(command.parts)) {
    const value = values[name]
    if (part.kind === 'file' && typeof value === 'string' && !isNoName(part, value))
      complete[name] = resolve(value)
    if (part.kind === 'secret' && value === '-') wanted.push({ name, flags: part.flags })
  }
  if (wanted.length === 0) return complete
  const lines = createInterface({ input: stdin })[Symbol.asyncIterator]()
  for (const { name, flags } of wanted) {
    if (stdin.isTTY) prompt(`${flags}: `)
    const { value, done } = await lines.next()
    if (done || value === '')
      throw new UsageError({
        zh: `标准输入里没有 ${flags} 的值`,
        en: `standard input has no value for ${flags}`,
      })
    complete[name] = value
  }
  await lines.return?.()
  return complete
}

function isNoName({ allowsDash, allowsAddress }: Parts[string], value: string): boolean {
  return (allowsDash === true && value === '-') || (allowsAddress === true && value.startsWith('s3://'))
}
