import { type Command as Commander, Option } from 'commander'
import { type Parts, UsageError } from '../platform/command/command.ts'

/** What was typed about the three administrators (三员) beside the command itself. */
export type SigningOptions = {
  /** `ACCOUNT=CODE`, one for each who stands for the command. */
  codes: readonly string[]
  breakGlass: boolean
  /** Why the emergency; where the command has a `--reason` of its own, that one. */
  reason: string | undefined
}

export const noSigning: SigningOptions = { codes: [], breakGlass: false, reason: undefined }

/** The variable that programs without a terminal set in the place of `--totp`; several are separated by spaces. */
export const codesVariable = 'WISP_TOTP'

export const signingHelp = {
  zh: `三员启用后，命令须由负责的那一员给出动态验证码: --totp 账号=验证码（两个人的写两次），或环境变量 ${codesVariable}；在终端里不写则提示输入。
紧急时 --break-glass --reason <原因> 不要验证码，会发出审计检查点并显示给三员。backup、config check 与 audit verify 不需要。`,
  en: `While the three administrators are separated, a command takes a code of the one who is responsible: --totp ACCOUNT=CODE (twice for two
people), or the variable ${codesVariable}; a terminal is asked if none is given. In an emergency --break-glass --reason <text> takes no code: audit
checkpoints are sent, and the three see it. backup, config check and audit verify take none.`,
}

const reasonFlag = '--reason'
const ownReason = (parts: Parts) =>
  Object.entries(parts).find(([, { flags }]) => flags.split(' ', 1)[0] === reasonFlag)?.[0]

/** The options that every command takes; the help of the whole explains them once. */
export function addSigning(leaf: Commander, parts: Parts): void {
  const collected = (code: string, before: readonly string[] | undefined) => [...(before ?? []), code]
  leaf.addOption(new Option('--totp <code>').argParser(collected).hideHelp())
  leaf.addOption(new Option('--break-glass').hideHelp())
  if (ownReason(parts) === undefined) leaf.addOption(new Option(`${reasonFlag} <text>`).hideHelp())
}

/** Throws UsageError for what says nothing together. */
export function signingOf(leaf: Commander, parts: Parts): SigningOptions {
  const { totp = [], breakGlass = false, reason } = leaf.opts<Partial<SigningOptions> & { totp?: string[] }>()
  if (breakGlass && totp.length > 0)
    throw new UsageError({
      zh: '--break-glass 不要验证码，不能与 --totp 同用',
      en: '--break-glass takes no codes and excludes --totp',
    })
  if (breakGlass && !reason?.trim())
    throw new UsageError({
      zh: '--break-glass 要写原因: --reason <text>',
      en: '--break-glass takes a reason: --reason <text>',
    })
  if (!breakGlass && reason !== undefined && ownReason(parts) === undefined)
    throw new UsageError({ zh: '--reason 与 --break-glass 一起用', en: '--reason goes with --break-glass' })
  return { codes: totp, breakGlass, reason }
}

/** What the environment adds. A break-glass takes no codes, whatever is in the environment. */
export function withVariable(signing: SigningOptions, env: NodeJS.ProcessEnv): SigningOptions {
  const codes = env[codesVariable]?.split(/\s+/).filter(Boolean) ?? []
  return signing.codes.length > 0 || signing.breakGlass ? signing : { ...signing, codes }
}
