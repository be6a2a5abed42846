import { Select } from 'antd'
import type { ReactNode } from 'react'
import { useGo, useUrlState } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { Compose, ComposeTo } from './compose.tsx'
import { WhichOne } from './which-one.tsx'

const ByType = later(async () => (await import('./by-type.tsx')).ByType)

/** Writes a message, in its own words or by a message type. */
export function Page(): ReactNode {
  const t = useText('messages')
  const { features } = useSession()
  const [{ type, to }, set] = useUrlState()
  const go = useGo()
  const onSent = (msgId: string) => go('/console/messages', { open: msgId })
  return (
    <>
      <PageTitle title={t('compose')} hint={t('composeHint')} actions={<WhichOne />} />
      <Panel>
        {features.has('message-types') ? (
          <ChooseType value={type} onChange={key => set({ type: key }, { replace: true })} />
        ) : null}
        {type ? (
          <ByType key={type} typeKey={type} onSent={onSent} />
        ) : to ? (
          <ComposeTo key={to} userId={to} onSent={onSent} />
        ) : (
          <Compose onSent={onSent} />
        )}
      </Panel>
    </>
  )
}

const typesShown = 200

/** The corp's own types by which administrators send; without one nothing is shown. */
function ChooseType(props: {
  value: string | undefined
  onChange: (key: string | undefined) => void
}): ReactNode {
  const t = useText('messages')
  const { data } = useRead('/web/message-types', { pageSize: typesShown })
  const usable = data?.list.filter(one => one.devId === '' && one.version > 0 && one.state === 'live') ?? []
  if (usable.length === 0) return null
  return (
    <div className="wisp-choose-type">
      <label htmlFor="compose-type">{t('messageType')}</label>
      <Select
        id="compose-type"
        value={props.value ?? ''}
        options={[
          { value: '', label: t('ownWords') },
          ...usable.map(one => ({ value: one.key, label: one.name })),
        ]}
        onChange={key => props.onChange(key || undefined)}
      />
    </div>
  )
}
