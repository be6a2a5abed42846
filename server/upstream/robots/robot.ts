/** Robots of group chats that WeCom, DingTalk and Feishu let people add: one address each, to which messages are posted (docs/upstream/group-robots.md). */

export type RobotVendor = 'wecom' | 'dingtalk' | 'feishu'

/** A run of text within a line. `href` is a web address that it leads to. */
export type Segment = { text: string; isBold?: boolean; href?: string }
/** Somebody who is mentioned. `mobile` is absent where it may not be given to the vendor. */
export type MentionedPerson = { userId: string; name: string; mobile?: string }
/** A message in no vendor's dialect yet. */
export type RobotMessage = {
  title: string
  lines: readonly (readonly Segment[])[]
  mentions: { all: boolean; people: readonly MentionedPerson[] }
}

/** `at` in ms. The secret of a robot signs its calls, where it has one. */
export type RobotCall = { address: string; secret: string | null; message: RobotMessage; at: number }
export type RobotRequest = { url: string; body: object }

/**
 * What an answer of HTTP 200 says. `busy`: nothing was posted because of the robot's rate, and it may be posted after `afterMs`. `refused`:
 * nothing was posted; `isConfig` where the address, the secret or the robot's own security settings are at fault.
 */
export type RobotOutcome =
  | { kind: 'sent' }
  | { kind: 'busy'; code: number; said: string; afterMs: number }
  | { kind: 'refused'; code: number; said: string; isConfig: boolean }

export type RobotAdapter = {
  /** The vendor's own host, and the path of a robot's address there. */
  host: string
  path: RegExp
  /** The query parameter without which the address is none. */
  key?: string
  /** How many calls of one robot go out in how many ms, a little under what the vendor takes. */
  rates: readonly { calls: number; withinMs: number }[]
  /** Largest body that the vendor takes, in bytes. */
  bodyAtMost: number
  /** The largest text within it in bytes, where the vendor has a limit for that. */
  textAtMost?(message: RobotMessage): number
  takesSecret: boolean
  /** How a message reads, as text of this vendor; what its limit is about. */
  textOf(message: RobotMessage): string
  request(call: RobotCall): RobotRequest
  /** Undefined for an answer that is not the vendor's. */
  read(answer: unknown): RobotOutcome | undefined
}

/** A line as text without markup: a link shows where it leads. */
export function plainLine(line: readonly Segment[]): string {
  return line.map(({ text, href }) => (href && href !== text ? `${text}（${href}）` : text)).join('')
}

/** A line in the markdown that all three share: bold and links. */
export function markdownLine(line: readonly Segment[]): string {
  return line
    .map(({ text, isBold, href }) => {
      const shown = isBold ? `**${text}**` : text
      return href ? `[${shown}](${href})` : shown
    })
    .join('')
}

/** The code and text of an answer, whose fields the vendors name otherwise. */
export function answerIn(
  answer: unknown,
  codeField: string,
  textField: string,
): [number, string] | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { [codeField]: code, [textField]: said } = answer as Record<string, unknown>
  return typeof code === 'number' ? [code, String(said ?? '')] : undefined
}
