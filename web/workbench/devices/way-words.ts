import { useText } from '../../ui/text.ts'

const known = ['wecom', 'qr', 'sms', 'mail', 'passkey', 'pwd', 'totp', 'recovery'] as const

/** How somebody proved themselves, in words; '' for sessions from before that was kept. */
export function useWayWords(): (amr: readonly string[]) => string {
  const t = useText('devices')
  return amr => known.flatMap(way => (amr.includes(way) ? [t(way)] : [])).join(' + ')
}
