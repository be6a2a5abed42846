import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { MessageRow } from '../../../server/features/messages/fate/my-message-calls.ts'
import { api } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

/** How long a message can be put off, in hours. */
const hours = [1, 4, 24, 168] as const

/** Puts a message into the archive, off until later, or back. */
export function Places(props: { message: MessageRow; onFailure(error: unknown): void }): ReactNode {
  const t = useText('own-messages')
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const { id, isArchived, laterUntil } = props.message
  // The page of one message shows it wherever it is put.
  const [isInInbox, setInInbox] = useState(
    !isArchived && (laterUntil === '' || Date.parse(laterUntil) <= Date.now()),
  )
  const put = (place: 'inbox' | 'archived' | 'later', until?: string) => {
    setBusy(true)
    api
      .post('/web/portal/messages/place', { msgId: id, place, ...(until ? { until } : {}) })
      .then(() => {
        setInInbox(place === 'inbox')
        return client.invalidateQueries({ queryKey: ['/web/portal/messages'] })
      })
      .catch(props.onFailure)
      .finally(() => setBusy(false))
  }
  if (!isInInbox)
    return (
      <button type="button" className="wb-link" disabled={isBusy} onClick={() => put('inbox')}>
        {t('toInbox')}
      </button>
    )
  return (
    <>
      <button type="button" className="wb-link" disabled={isBusy} onClick={() => put('archived')}>
        {t('archive')}
      </button>
      <select
        className="wb-select wb-later"
        aria-label={t('putOff')}
        value=""
        disabled={isBusy}
        onChange={event =>
          put('later', new Date(Date.now() + Number(event.target.value) * 3_600_000).toISOString())
        }
      >
        <option value="" disabled>
          {t('putOff')}
        </option>
        {hours.map(one => (
          <option key={one} value={one}>
            {t(`in_${one}`)}
          </option>
        ))}
      </select>
    </>
  )
}
