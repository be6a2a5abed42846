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
  path: string
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
  readonly list: SandboxRobot[]
  readonly posts: RobotPost[] = []
  readonly #now: () => number
  readonly #times = new Map<SandboxRobot, number[]>()
  readonly #silentUntil = new Map<SandboxRobot, number>()
  /** How many calls were too many. */
  refused = 0
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

  /** As many more of each vendor, in other groups. */
  add(count: number): void {
    const first = this.list.slice(0, robotVendors.length)
    const from = this.list.length / first.length
    for (let n = from; n < from + count; n++)
      this.list.push(...first.map(one => ({ ...one, path: `${one.path}-${n}` })))
  }

  of(vendor: RobotVendor, url: string): SandboxRobot | undefined {
    return this.list.find(
      ({ vendor: own, path }) => own === vendor && (url === path || url.startsWith(`${path}&`)),
    )
  }

  /** False when the robot sends too fast. A robot of DingTalk that does is silent for ten minutes. */
  take(robot: SandboxRobot): boolean {
    const now = this.#now()
    const isSilent = now < (this.#silentUntil.get(robot) ?? 0)
    const times = (this.#times.get(robot) ?? []).filter(at => at > now - minuteMs)
    const isFull = rates[robot.vendor].some(
      ({ calls, withinMs }) => times.filter(at => at > now - withinMs).length >= calls,
    )
    if (isFull || isSilent) this.refused++
    if (isSilent) return false
    if (isFull && robot.vendor === 'dingtalk') this.#silentUntil.set(robot, now + silentMs)
    this.#times.set(robot, isFull ? times : [...times, now])
    return !isFull
  }

  keep({ vendor, path }: SandboxRobot, body: Input): void {
    this.posts.push({ n: ++this.#n, vendor, path, at: this.#now(), body })
    if (this.posts.length > keptAtMost) this.posts.shift()
  }

  isSigned(
    { vendor, secret }: SandboxRobot,
    { timestamp, sign }: { timestamp: string; sign: string },
  ): boolean {
    if (secret === null) return true
    const at = Number(timestamp) * (vendor === 'feishu' ? 1000 : 1)
    if (!(Math.abs(this.#now() - at) <= signedWithinMs)) return false
    const text = `${timestamp}\n${secret}`
    const right = vendor === 'feishu' ? createHmac('sha256', text) : createHmac('sha256', secret).update(text)
    return right.digest('base64') === sign
  }
}
