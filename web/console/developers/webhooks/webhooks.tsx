import { Alert, Button, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { readAgainMs, Standing, typesText } from './standing.tsx'
import { WebhookDetail } from './webhook-detail.tsx'
import { WebhookForm } from './webhook-form.tsx'
import './webhooks.css'

/** Who sends events again watches them leave. */
const readAgain = (data: Answer<'/web/developers/webhooks'> | undefined) =>
  readAgainMs(data?.list.some(one => one.waiting > 0))

/** A developer's webhooks; one of them with what was sent to it. */
export function Webhooks(props: { devId: string }): ReactNode {
  const t = useText('webhooks')
  const { devId } = props
  const [shownId, setShownId] = useState<string>()
  const [isAdding, setAdding] = useState(false)
  const read = useRead('/web/developers/webhooks', { devId }, { every: readAgain })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, atMost, types, mayListen } = read.data
  const shown = list.find(one => one.webhookId === shownId)
  if (shown)
    return <WebhookDetail devId={devId} webhook={shown} types={types} back={() => setShownId(undefined)} />
  const isFull = list.length >= atMost
  const add = (
    <Tooltip title={isFull ? t('full', { n: atMost }) : ''}>
      <Button type="primary" disabled={isFull} onClick={() => setAdding(true)}>
        {t('add')}
      </Button>
    </Tooltip>
  )
  return (
    <div className="webhooks">
      {mayListen ? null : <Alert type="warning" showIcon title={t('mayNot')} />}
      <div className="wisp-quiet">{t('hint')}</div>
      {list.length === 0 ? <EmptyState title={t('empty')} hint={t('emptyHint')} action={add} /> : null}
      <ul className="webhooks-list">
        {list.map(one => (
          <li key={one.webhookId}>
            <button type="button" onClick={() => setShownId(one.webhookId)}>
              <strong>{one.url}</strong>
              <span className="wisp-quiet">{one.description || typesText(one.types, t)}</span>
              <Standing webhook={one} />
            </button>
          </li>
        ))}
      </ul>
      {list.length > 0 ? <div>{add}</div> : null}
      <WebhookForm devId={devId} isOpen={isAdding} close={() => setAdding(false)} done={setShownId} />
    </div>
  )
}
