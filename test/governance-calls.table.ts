import type { Audience } from './operator-calls.table.ts'

/** For whom the page calls about personal data and the SIEM are, as authorisation.table.ts says it of all others. */
export const governanceCalls: Record<string, Audience> = {
  '/web/personal/register': 'super',
  '/web/personal/kept': 'super',
  '/web/personal/requests': 'super',
  '/web/personal/copy': 'super',
  '/web/personal/copy/take': 'super',
  '/web/personal/erase': 'super',
  '/web/personal/settings': 'super',
  '/web/personal/consents': 'super',
  '/web/personal/holds': 'super',
  '/web/personal/hold': 'super',
  '/web/personal/hold/end': 'super',
  '/web/personal/hold/take': 'super',
  '/web/portal/personal': 'person',
  '/web/portal/personal/copy': 'person',
  '/web/portal/personal/take': 'person',
  '/web/siem': 'super',
  '/web/siem/save': 'super',
  '/web/siem/remove': 'super',
  '/web/siem/test': 'super',
  '/web/siem/installation': 'system',
  '/web/siem/installation/save': 'system',
  '/web/siem/installation/remove': 'system',
  '/web/siem/installation/test': 'system',
}
