import { Alert, Form } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
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
      <OwnersForm devId={devId} owners={read.data} reread={() => read.refetch()} />
      <h3 className="developers-heading">{t('requests')}</h3>
      <DeveloperRequests devId={devId} mayDecide />
    </div>
  )
}

function OwnersForm(props: {
  devId: string
  owners: Answer<'/web/developers/owners'>
  reread(): Promise<unknown>
}): ReactNode {
  const t = useText('developer-owners')
  const { devId, owners, reread } = props
  const names = (chosen: readonly PickedMember[]) => chosen.map(one => one.name || one.userId).join('、')
  const object = useObjectForm<{ owners: PickedMember[] }, '/web/developers/owners/save'>(
    '/web/developers/owners/save',
    {
      shown: {
        owners: owners.list.filter(one => one.mayAct).map(({ userId, name }) => ({ userId, name })),
      },
      version: owners.version,
      labels: { owners: { label: t('owners'), tell: names } },
      fields: { named: { owners: 'owners' }, codes: { 1007: 'owners' } },
      reread,
      done: t('ownersSaved'),
      refresh: ['/web/developers', '/web/overview'],
    },
  )
  const gone = owners.list.filter(one => !one.mayAct)
  return (
    <Panel title={t('owners')}>
      <ObjectForm
        object={object}
        save={values =>
          void object.run({
            devId,
            version: object.version,
            owners: values.owners.map(one => one.userId),
          })
        }
      >
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('ownersHint', { address: `${location.origin}/developer` })}
        </p>
        <Form.Item name="owners">
          <MemberPicker label={t('owners')} placeholder={t('ownersEmpty')} />
        </Form.Item>
        {gone.map(one => (
          <p key={one.userId} className="wisp-quiet">
            {t('ownerGone', { name: one.name || one.userId })}
          </p>
        ))}
      </ObjectForm>
    </Panel>
  )
}
