import type { AppSignIns } from '../../app-sign-in/catalog.ts'

/** Whether an app's settings allow its client something now. */
export function clientMay(
  { appSignIns }: { appSignIns: AppSignIns },
  corpId: string,
  { clientId }: { clientId: string },
  what: 'refresh' | 'device',
): boolean {
  return appSignIns.ofClient(corpId, clientId)?.oidc?.[what] === true
}
