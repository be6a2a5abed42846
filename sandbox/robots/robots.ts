import { createHash, createHmac } from 'node:crypto'
import type { Input } from '../http/input.ts'

export const robotVendors = ['wecom', 'dingtalk', 'feishu'] as const
export type RobotVendor = (typeof robotVendors)[number]

/** One robot of a vendor, as its group's settings show it. */
export interface SandboxRobot {
  vendor: RobotVendor
  /** The path of its address, with its key. */
  path: string
  secret: string | null
}

/** A message that a group shows. `at`: ms. */
export interface RobotPost {
  n: number
  vendor: RobotVendor
  at: number
  body: Input
}

/** The robots with their addresses here. */
export function robotsOf({
  robots,
  url,
}: {
  robots: Robots
  url: string
}): (SandboxRobot & { address: string })[] {
  return robots.list.map(one => ({ ...one, address: `${url}${one.path}` }))
}

const minuteMs = 60_000
const rates: Record<RobotVendor, readonly { calls: number; withinMs: number }[]> = {
  wecom: [{ calls: 20, withinMs: minuteMs }],
  dingtalk: [{ calls: 20, withinMs: minuteMs }],
  feishu: [
    { calls: 100, withinMs: minuteMs },
    { calls: 5, withinMs: 1000 },
  ],
}
const silentMs = 600_000
const keptAtMost = 10_000
const signedWithinMs = 3_600_000

/** The robots of three groups, what they posted, and how often (docs/upstream/group-robots.md). */
export class Robots {
  readonly list: readonly SandboxRobot[]
  readonly posts: RobotPost[] = []
  readonly #now: () => number
  readonly #times = new Map<RobotVendor, number[]>()
  #silentUntil = 0
  #n = 0

  constructor(seed: number, now: () => number) {
    this.#now = now
    const part = (name: string, length: number) =>
      createHash('sha256').update(`sandbox ${seed} robot ${name}`).digest('hex').slice(0, length)
    this.list = [
      { vendor: 'wecom', path: `/cgi-bin/webhook/send?key=${part('wecom', 32)}`, secret: null },
      {
        vendor: 'dingtalk',
        path: `/robot/send?access_token=${part('dingtalk', 64)}`,
        secret: `SEC${part('dingtalk secret', 61)}`,
      },
      {
        vendor: 'feishu',
        path: `/open-apis/bot/v2/hook/${part('feishu', 32)}`,
        secret: part('feishu secret', 22),
      },
    ]
  }

  of(vendor: RobotVendor): SandboxRobot {
    return this.list.find(one => one.vendor === vendor)!
  }

  /** False when the robot sends too fast. A robot of DingTalk that does is silent for ten minutes. */
  take(vendor: RobotVendor): boolean {
    const now = this.#now()
    if (vendor === 'dingtalk' && now < this.#silentUntil) return false
    const times = (this.#times.get(vendor) ?? []).filter(at => at > now - minuteMs)
    const isFull = rates[vendor].some(
      ({ calls, withinMs }) => times.filter(at => at > now - withinMs).length >= calls,
    )
    if (isFull && vendor === 'dingtalk') this.#silentUntil = now + silentMs
    this.#times.set(vendor, isFull ? times : [...times, now])
    return !isFull
  }

  keep(vendor: RobotVendor, body: Input): void {
    this.posts.push({ n: ++this.#n, vendor, at: this.#now(), body })
    if (this.posts.length > keptAtMost) this.posts.shift()
  }

  isSigned(vendor: RobotVendor, { timestamp, sign }: { timestamp: string; sign: string }): boolean {
    const { secret } = this.of(vendor)
    if (secret === null) return true
    const at = Number(timestamp) * (vendor === 'feishu' ? 1000 : 1)
    if (!(Math.abs(this.#now() - at) <= signedWithinMs)) return false
    const text = `${timestamp}\n${secret}`
    const right = vendor === 'feishu' ? createHmac('sha256', text) : createHmac('sha256', secret).update(text)
    return right.digest('base64') === sign
  }
}
