import type { ReactNode } from 'react'
import type { PlainPreview } from '../../../server/features/channels/channel.ts'
import type { Preview } from '../../../server/features/channels/channels.ts'
import { useText } from '../../ui/text.ts'
import { viewOf } from './channels/channel-views.ts'
import { useChannel } from './words.tsx'
import './messages.css'

/** A message as its receiver sees it. All content is rendered as text, so nothing in it can become markup. */
export function PreviewCard(props: { preview: Preview }): ReactNode {
  const t = useText('messages')
  const { preview } = props
  const channel = useChannel(preview.channel)
  const own = viewOf(preview.channel).preview
  const heading = t(own?.heading ?? 'viaOther', { channel: channel?.label ?? '' })
  return (
    <figure className="wisp-preview" aria-label={heading}>
      <figcaption className="wisp-quiet">{heading}</figcaption>
      {own ? <own.Body preview={preview as never} /> : <Plain preview={preview as never} />}
    </figure>
  )
}

function Plain(props: { preview: PlainPreview }): ReactNode {
  const { title, text, url } = props.preview
  return (
    <div className="wisp-mail">
      <div className="wisp-mail-body">
        {title ? <div className="wisp-mail-subject">{title}</div> : null}
        <div className="wisp-words">{text}</div>
        {url ? <div className="wisp-fake-link">{url}</div> : null}
      </div>
    </div>
  )
}
