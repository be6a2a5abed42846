import type { Faults } from '../rules/faults.ts'
import { Downloads } from './bills/downloads.ts'
import { type MerchantKeys, merchantKeys } from './crypto/keys.ts'
import { asProbe } from './crypto/sign.ts'
import { Notifier } from './notify/notifier.ts'
import type { People } from './people.ts'
import { Failing } from './rules/failing.ts'
import { defaultRules, type Rules } from './rules/rules.ts'
import { firstSettings, Merchant, type MerchantSettings, mchIdOf, type PayEntry } from './state/merchant.ts'
import { resumeRefunds } from './state/refunding.ts'
import { Schedule } from './state/schedule.ts'

export interface PlatformOptions {
  /** Determines the mchids and the APIv3 keys. */
  seed: number
  now: () => number
  faults: Faults
  people: People
  keep: (entry: PayEntry) => void
  /** The address of the sandbox. */
  url: () => string
  /** The AppIDs that are bound to the first merchant. */
  appIds: () => string[]
}

/** WeChat Pay: the merchants, and what is told to their servers. */
export class PayPlatform {
  rules: Rules = defaultRules
  /** The process's clock, by which signatures are made and judged. */
  readonly now: () => number
  /** The clock of orders, refunds and notifications. */
  readonly schedule: Schedule
  readonly people: People
  readonly notifier: Notifier
  readonly downloads = new Downloads()
  readonly failingRefunds: Failing
  readonly #options: PlatformOptions
  #merchants: Merchant[] = []
  #answers = 0

  constructor(options: PlatformOptions) {
    this.#options = options
    this.now = options.now
    this.people = options.people
    this.schedule = new Schedule(options.now)
    this.failingRefunds = new Failing(options.now)
    this.notifier = new Notifier({
      now: options.now,
      schedule: this.schedule,
      faults: options.faults,
      rules: () => this.rules,
    })
  }

  /** What stands for https://api.mch.weixin.qq.com. */
  get url(): string {
    return this.#options.url()
  }

  /** All merchants; the first is made when they are first asked for, because its keys take a moment. */
  get merchants(): readonly Merchant[] {
    if (this.#merchants.length === 0) this.add('微科技', this.#options.appIds())
    return this.#merchants
  }

  merchant(mchId: string): Merchant | undefined {
    return this.merchants.find(merchant => merchant.mchId === mchId)
  }

  add(name: string, appIds: string[]): Merchant {
    const mchId = mchIdOf(this.#options.seed, this.#merchants.length)
    const keys = merchantKeys(mchId, this.now())
    const merchant = this.#open(mchId, keys, firstSettings(mchId, name, appIds))
    for (const entry of merchant.kept()) this.#options.keep(entry)
    return merchant
  }

  changeRules(rules: Rules): void {
    this.rules = rules
    this.#options.keep({ pay: ['', 'rules', '', rules] })
  }

  /** Moves the clock forward and resolves when everything that is due by then was done. */
  async moveClock(ms: number): Promise<void> {
    await this.schedule.move(ms)
    this.#options.keep({ pay: ['', 'clock', '', this.schedule.offset] })
  }

  /** Makes a probe of one of so many answers, as the rules say: its signature must not verify. */
  probe(headers: Record<string, string>): Record<string, string> {
    const { probedAnswers } = this.rules
    if (probedAnswers === 0 || ++this.#answers % probedAnswers !== 0) return headers
    return asProbe(headers)
  }

  /** Takes over a line of the journal. */
  restore({ pay: [mchId, collection, key, value] }: PayEntry): void {
    if (collection === 'rules') this.rules = { ...defaultRules, ...(value as Partial<Rules>) }
    else if (collection === 'clock') this.schedule.offset = value as number
    else {
      const known = this.#merchants.find(merchant => merchant.mchId === mchId)
      // The first line of a merchant has its keys.
      const merchant = known ?? this.#open(mchId, value as MerchantKeys, firstSettings(mchId, '', []))
      merchant.restore(collection, key, value as MerchantSettings)
    }
  }

  /** Goes on with what a killed process left. */
  start(): void {
    for (const merchant of this.#merchants) {
      this.notifier.resume(merchant)
      resumeRefunds(this, merchant)
    }
    this.schedule.start()
  }

  async close(): Promise<void> {
    this.schedule.stop()
    await this.notifier.close()
  }

  /** Drops everything but the merchants with their keys and settings; returns what the journal must begin with. */
  reset(): PayEntry[] {
    this.schedule.clear()
    this.schedule.offset = 0
    this.#merchants = this.#merchants.map(merchant => merchant.clear())
    const rules: PayEntry[] = this.rules === defaultRules ? [] : [{ pay: ['', 'rules', '', this.rules] }]
    return [...rules, ...this.#merchants.flatMap(merchant => merchant.kept())]
  }

  #open(mchId: string, keys: MerchantKeys, settings: MerchantSettings): Merchant {
    const merchant = new Merchant(mchId, keys, settings, entry => this.#options.keep(entry))
    this.#merchants.push(merchant)
    return merchant
  }
}
