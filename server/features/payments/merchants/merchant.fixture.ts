import type { World } from '../../../../test/harness.ts'
import { addMerchant, type NewMerchant } from './connect.ts'
import type { Merchant } from './merchants.ts'

/** What is entered about one of the sandbox's merchants, in both key modes at once. */
export function merchantForm(world: World, n = 0): NewMerchant {
  const given = world.sandbox.pay.merchants[n]
  if (!given) throw new Error('the sandbox has no such merchant')
  const { mchId, name, appIds, privateKey, publicKeyId, publicKey } = given
  const apiV3Key = given.apiV3Key ?? ''
  return { mchId, name, appIds, serial: given.serialNo, privateKey, apiV3Key, publicKeyId, publicKey }
}

/** Connects a merchant of the sandbox to the world's corp, and lets it notify this machine. */
export async function connectMerchant(
  world: World,
  change: Partial<NewMerchant> = {},
  n = 0,
): Promise<Merchant> {
  await world.control('pay/settings', { loopbackNotify: true })
  return addMerchant(world.ctx, 'test', world.corpId, { ...merchantForm(world, n), ...change })
}
