import { Alert, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { MemberPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import '../developers.css'
import { DeveloperRequests } from './developer-requests.tsx'

/** Who looks after a developer, and what they have asked for; for administrators. */
export function OwnersTab(props: { devId: string }): ReactNode {
  const t = useText('developer-owners')
  const { devId } = props
  const read = useRead('/web/developers/owners', { devId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list } = read.data
  return (
    <div className="developers-part">
      {list.length > 0 && !list.some(one => one.mayAct) ? (
        <Alert type="warning" showIcon title={t('ownersNone')} description={t('ownersNoneHint')} />
      ) : null}
      <OwnersForm key={list.map(one => one.userId).join()} devId={devId} owners={list} />
      <h3 className="developers-heading">{t('requests')}</h3>
      <DeveloperRequests devId={devId} mayDecide />
    </div>
  )
}

function OwnersForm(props: { devId: string; owners: Answer<'/web/developers/owners'>['list'] }): ReactNode {
  const t = useText('developer-owners')
  const { devId, owners } = props
  const [chosen, setChosen] = useState(() => owners.filter(one => one.mayAct))
  const act = useAct('/web/developers/owners/save', {
    done: t('ownersSaved'),
    refresh: ['/web/developers'],
  })
  const gone = owners.filter(one => !one.mayAct)
  return (
    <div className="developers-part">
      <div className="wisp-quiet">{t('ownersHint', { address: `${location.origin}/developer` })}</div>
      <MemberPicker
        label={t('owners')}
        placeholder={t('ownersEmpty')}
        value={chosen}
        onChange={next => setChosen(next.map(one => ({ ...one, mayAct: true })))}
      />
      {gone.map(one => (
        <div key={one.userId} className="wisp-quiet">
          {t('ownerGone', { name: one.name || one.userId })}
        </div>
      ))}
      <div>
        <Button
          loading={act.isRunning}
          onClick={() => void act.run({ devId, owners: chosen.map(one => one.userId) })}
        >
          {t('saveOwners')}
        </Button>
      </div>
    </div>
  )
}
