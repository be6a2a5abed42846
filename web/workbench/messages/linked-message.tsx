import './messages.css'
import { type ReactNode, useEffect, useState } from 'react'
import type { MessageRow } from '../../../server/features/messages/fate/my-message-calls.ts'
import { api, CallError } from '../../ui/data/api.ts'
import { ErrorNumber } from '../../ui/error-number.tsx'
import { useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'
import { type OpenApp, OwnMessage } from './own-message.tsx'

/** The message that a link names, such as that of a mail or a reminder; undefined for any other address. */
export function linkedMessage(): string | undefined {
  const given = new URLSearchParams(location.search).get('message') ?? ''
  return /^[\w-]{1,64}$/.test(given) ? given : undefined
}

/** One message, opened by its link; that it is opened is noted, which the link alone does not do. */
export function LinkedMessage(props: { id: string; onOpen: OpenApp; onList(): void }): ReactNode {
  const t = useText('portal')
  const own = useText('own-messages')
  const { id } = props
  const [message, setMessage] = useState<MessageRow>()
  const [failure, setFailure] = useState<unknown>()
  useEffect(() => {
    let isLeft = false
    api
      .post('/web/portal/messages/open', { msgId: id })
      .then(answer => !isLeft && setMessage(answer))
      .catch((error: unknown) => !isLeft && setFailure(error))
    return () => {
      isLeft = true
    }
  }, [id])
  const list = (
    <button type="button" className="wb-button wb-more" onClick={props.onList}>
      {own('all')}
    </button>
  )
  if (message)
    return (
      <>
        <ul className="wb-messages">
          <OwnMessage message={message} onOpen={props.onOpen} isOpened />
        </ul>
        {list}
      </>
    )
  if (failure === undefined)
    return (
      <p className="wb-none" role="status">
        {t('loading')}
      </p>
    )
  return (
    <div className="wb-none">
      <Icon name="message" size={40} />
      <p role="alert">
        {failure instanceof CallError && failure.message ? failure.message : t('networkFailed')}{' '}
        <ErrorNumber of={failure} />
      </p>
      {list}
    </div>
  )
}
