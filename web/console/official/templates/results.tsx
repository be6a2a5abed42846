import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

export const path = '/web/official/templates'
export type Template = Row<typeof path>

const states = ['delivered', 'sent', 'blocked', 'failed', 'unknown', 'sending'] as const

/** What became of a template's messages lately, and who agreed to get them. */
export function Results({ template }: { template: Template }): ReactNode {
  const t = useText('official-templates')
  const { sends, ticks, kind } = template
  const told = states.flatMap(state => (sends[state] ? [`${t(`state_${state}`)} ${sends[state]}`] : []))
  return (
    <>
      <div>{told.join(' · ') || t('noSends')}</div>
      {kind === 'subscribe' ? <div className="wisp-quiet">{t('ticksOf', ticks)}</div> : null}
    </>
  )
}
