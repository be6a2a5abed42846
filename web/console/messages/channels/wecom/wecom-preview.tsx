import { Progress } from 'antd'
import type { ReactNode } from 'react'
import type {
  Counter,
  WecomPreview as Preview,
} from '../../../../../server/features/channels/wecom/preview.ts'
import type { ShownFile } from '../../../../../server/features/message-media/message-files.ts'
import { useText } from '../../../../ui/text.ts'
import { CardPicture } from '../../../../ui/wecom-card/card-picture.tsx'
import { CardView } from '../../../../ui/wecom-card/card-view.tsx'
import { fieldName } from '../../field-name.ts'
import { FileRow } from '../../file-row.tsx'

export function WecomPreview(props: { preview: Preview }): ReactNode {
  const { preview } = props
  return (
    <>
      <div className="wisp-phone">
        {preview.kind === 'text' ? <Texts parts={preview.parts} /> : null}
        {preview.kind === 'textcard' ? <TextCard card={preview} /> : null}
        {preview.kind === 'news' ? <News news={preview} /> : null}
        {preview.kind === 'template_card' ? <CardView card={preview.card} /> : null}
        {preview.kind === 'markdown' ? <div className="wisp-bubble wisp-words">{preview.content}</div> : null}
        {preview.kind === 'image' || preview.kind === 'file' || preview.kind === 'video' ? (
          <Media media={preview} />
        ) : null}
        {preview.kind === 'miniprogram_notice' ? <Notice notice={preview} /> : null}
      </div>
      {preview.kind === 'template_card' ? <PressedLine preview={preview} /> : null}
      <Counters counters={preview.counters} />
    </>
  )
}

/** What happens when the card is pressed. */
function PressedLine({ preview }: { preview: Extract<Preview, { kind: 'template_card' }> }): ReactNode {
  const t = useText('cards')
  const { onPress, firstPressWins, perPerson } = preview
  const name = onPress.replaceName ?? onPress.replaceText
  const words = [
    name ? t('becomesThis', { name }) : onPress.card ? t('becomesCard') : '',
    firstPressWins ? t('firstPressWins') : '',
    perPerson ? t('perPerson') : '',
  ].filter(Boolean)
  return words.length > 0 ? <div className="wisp-quiet wecom-card-options">{words.join(' · ')}</div> : null
}

function Texts(props: { parts: { text: string; bytes: number }[] }): ReactNode {
  const t = useText('messages')
  const { parts } = props
  return (
    <>
      {parts.length > 1 ? <div className="wisp-phone-note">{t('parts', { n: parts.length })}</div> : null}
      {parts.map((part, index) => (
        <div key={index} className="wisp-bubble">
          <Linked text={part.text} />
          <div className="wisp-bubble-note">{t('nBytes', { n: part.bytes })}</div>
        </div>
      ))}
    </>
  )
}

/** WeCom allows one tag in a text, the link, which wisp adds itself below the text. */
function Linked(props: { text: string }): ReactNode {
  const pieces = props.text.split(/<a href="([^"]*)">([^<]*)<\/a>/)
  const shown: ReactNode[] = []
  for (let at = 0; at < pieces.length; at += 3) {
    shown.push(pieces[at])
    if (at + 2 < pieces.length)
      shown.push(
        <span key={at} className="wisp-fake-link" title={pieces[at + 1]}>
          {pieces[at + 2]}
        </span>,
      )
  }
  return <div className="wisp-words">{shown}</div>
}

function TextCard(props: {
  card: { title: string; description: string; url: string; btntxt: string }
}): ReactNode {
  const { title, description, url, btntxt } = props.card
  return (
    <div className="wisp-wecom-card" title={url}>
      <div className="wisp-wecom-title">{title}</div>
      <div className="wisp-words wisp-wecom-grey">{description}</div>
      <div className="wisp-wecom-button">{btntxt}</div>
    </div>
  )
}

function News(props: {
  news: { title: string; description: string; url: string; picUrl: string }
}): ReactNode {
  const { title, description, url, picUrl } = props.news
  return (
    <div className="wisp-wecom-card" title={url}>
      <CardPicture url={picUrl} className="wisp-picture" />
      <div className="wisp-wecom-title">{title}</div>
      <div className="wisp-words wisp-wecom-grey">{description}</div>
    </div>
  )
}

function Media(props: {
  media: { file: ShownFile; title: string; description: string; safe: boolean }
}): ReactNode {
  const t = useText('messages')
  const { file, title, description, safe } = props.media
  return (
    <div className="wisp-wecom-card">
      {title ? <div className="wisp-wecom-title">{title}</div> : null}
      {description ? <div className="wisp-words wisp-wecom-grey">{description}</div> : null}
      <FileRow file={file} />
      {safe ? <div className="wisp-bubble-note">{t('safeHint')}</div> : null}
    </div>
  )
}

function Notice(props: {
  notice: { title: string; description: string; items: { key: string; value: string }[] }
}): ReactNode {
  const { title, description, items } = props.notice
  return (
    <div className="wisp-wecom-card">
      <div className="wisp-wecom-title">{title}</div>
      {description ? <div className="wisp-words wisp-wecom-grey">{description}</div> : null}
      {items.map(({ key, value }, at) => (
        <div key={at} className="wisp-words">
          <span className="wisp-wecom-grey">{key}</span> {value}
        </div>
      ))}
    </div>
  )
}

function Counters(props: { counters: Counter[] }): ReactNode {
  const t = useText('messages')
  return (
    <div className="wisp-counters">
      {props.counters.map(({ field, used, limit, unit, cut }) => {
        const words = { field: fieldName(t, field), used, limit }
        return (
          <div key={field}>
            <div>{t(unit === 'byte' ? 'bytesOf' : 'charactersOf', words)}</div>
            <Progress
              percent={Math.min(100, (used / limit) * 100)}
              showInfo={false}
              size="small"
              status={cut ? 'exception' : 'normal'}
              aria-label={words.field}
            />
            {cut ? <div className="wisp-cut">{t('cutOff', { text: shortened(cut) })}</div> : null}
          </div>
        )
      })}
    </div>
  )
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
