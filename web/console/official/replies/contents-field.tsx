import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Input, Space } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { KeepButton } from '../media/media-field.tsx'
import { useAccount } from '../use-account.tsx'
import { bytesOf, type Content, contentTypes, emptyContent, textBytesAtMost } from './words.ts'
import './replies.css'

/** The messages of a reply, one below the other. Forms give `value` and `onChange`. */
export function ContentsField(props: {
  label: string
  value?: readonly Content[]
  onChange?(contents: Content[]): void
}): ReactNode {
  const t = useText('official-replies')
  const { value = [], onChange = () => undefined } = props
  const replace = (index: number, content: Content) => onChange(value.with(index, content))
  return (
    <ol className="replies-list" aria-label={props.label}>
      {value.map((content, index) => (
        <li key={`${index} ${content.type}`} className="replies-card">
          <div className="replies-card-head">
            <strong>{t(`content:${content.type}`)}</strong>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('removeContent', { n: index + 1 })}
              onClick={() => onChange(value.filter((_one, other) => other !== index))}
            />
          </div>
          <ContentFields content={content} onChange={changed => replace(index, changed)} />
        </li>
      ))}
      <li>
        <Dropdown
          trigger={['click']}
          menu={{
            items: contentTypes.map(type => ({ key: type, label: t(`content:${type}`) })),
            onClick: ({ key }) => onChange([...value, emptyContent(key as Content['type'])]),
          }}
        >
          <Button icon={<PlusOutlined />}>{t('addContent')}</Button>
        </Dropdown>
      </li>
    </ol>
  )
}

function MediaFields(props: {
  content: Extract<Content, { mediaId: string }>
  onChange(content: Content): void
}): ReactNode {
  const t = useText('official-replies')
  const { originalId } = useAccount()
  const { content, onChange } = props
  const change = (mediaId: string) => onChange({ ...content, mediaId })
  return (
    <>
      <Space.Compact block>
        <Input
          aria-label="media_id"
          placeholder="media_id"
          value={content.mediaId}
          onChange={event => change(event.target.value.trim())}
        />
        <KeepButton originalId={originalId} kind={content.type} label={t('uploadMedia')} onKept={change} />
      </Space.Compact>
      <div className="wisp-quiet">{t('mediaHint')}</div>
    </>
  )
}

function ContentFields(props: { content: Content; onChange(content: Content): void }): ReactNode {
  const t = useText('official-replies')
  const { content, onChange } = props
  switch (content.type) {
    case 'text':
      return (
        <>
          <Input.TextArea
            aria-label={t('content:text')}
            rows={3}
            value={content.content}
            onChange={event => onChange({ ...content, content: event.target.value })}
          />
          <ByteCount text={content.content} />
        </>
      )
    case 'image':
    case 'voice':
      return <MediaFields content={content} onChange={onChange} />
    case 'news':
      return <NewsFields content={content} onChange={onChange} />
    case 'transfer':
      return (
        <>
          <Input
            aria-label={t('kfAccount')}
            placeholder={t('kfAccount')}
            value={content.kfAccount ?? ''}
            onChange={({ target: { value } }) =>
              onChange(value ? { type: 'transfer', kfAccount: value } : { type: 'transfer' })
            }
          />
          <div className="wisp-quiet">{t('transferHint')}</div>
        </>
      )
    case 'person':
      return <div className="wisp-quiet">{t('personHint')}</div>
  }
}

type News = Extract<Content, { type: 'news' }>

function NewsFields(props: { content: News; onChange(content: News): void }): ReactNode {
  const t = useText('official-replies')
  const { content, onChange } = props
  return (
    <div className="replies-fields">
      {(['title', 'description', 'url', 'picUrl'] as const).map(name => (
        <Input
          key={name}
          aria-label={t(`news:${name}`)}
          placeholder={t(`news:${name}`)}
          value={content[name]}
          onChange={event => onChange({ ...content, [name]: event.target.value })}
        />
      ))}
    </div>
  )
}

/** What WeChat counts: a Chinese character has three bytes. */
function ByteCount({ text }: { text: string }): ReactNode {
  const t = useText('official-replies')
  const bytes = bytesOf(text)
  const isOver = bytes > textBytesAtMost
  return (
    <div className={isOver ? 'replies-over' : 'wisp-quiet'} role={isOver ? 'alert' : undefined}>
      {t('bytes', { n: bytes, most: textBytesAtMost })}
    </div>
  )
}
