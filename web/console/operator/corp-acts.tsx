import type { ReactNode } from 'react'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'

/** What an operator does to a corp as a whole: suspending, exporting and deleting it. */
export function CorpActs(props: { corpId: string }): ReactNode {
  const t = useText('operator')
  return (
    <Panel title={t('acts')}>
      <p>{t('actsHint')}</p>
      <code>wisp corp status {props.corpId}</code>
    </Panel>
  )
}
