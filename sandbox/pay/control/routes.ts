import type { FastifyInstance } from 'fastify'
import { controlBody, onlyKeys, whole } from '../../http/control-input.ts'
import type { Input } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import { openCashier } from './cashier.ts'
import { codes, ledger } from './ledger.ts'
import { notifications, probe } from './notifications.ts'
import { asPayer, fail, pay } from './pay.ts'
import { setBilled, setRefund } from './refund.ts'
import { addMerchant, setSettings } from './settings.ts'

type Run = (platform: PayPlatform, input: Input) => unknown

const posts: Readonly<Record<string, Run>> = {
  cashier: openCashier,
  pay: asPayer(pay),
  fail: asPayer(fail),
  refund: setRefund,
  bill: setBilled,
  settings: setSettings,
  merchants: addMerchant,
  clock: moveClock,
  probe,
}
const gets: Readonly<Record<string, Run>> = { codes, ledger, notifications }

/** /_sandbox/pay/*: the payers' telephones, the merchants' console and the clock, for scripts. */
export function routePayControl(control: FastifyInstance, platform: PayPlatform): void {
  for (const [name, run] of Object.entries(posts))
    control.post(`/_sandbox/pay/${name}`, async request => run(platform, controlBody(request.body)))
  for (const [name, run] of Object.entries(gets))
    control.get(`/_sandbox/pay/${name}`, async request => run(platform, request.query as Input))
}

/** Moves the clock of orders, refunds and notifications forward; everything that becomes due on the way has been done when this answers. */
async function moveClock(platform: PayPlatform, input: Input): Promise<object> {
  onlyKeys(input, 'seconds')
  await platform.moveClock(whole(0, 400 * 86_400)(input['seconds'], 'seconds') * 1000)
  return { now: new Date(platform.schedule.now()).toISOString() }
}
