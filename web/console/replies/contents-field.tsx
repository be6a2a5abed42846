import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Input, Space } from 'antd'
import type { ReactNode } from 'react'
import { KeepButton, MediaField } from '../media/media-field.tsx'
import { useOwner, useRepliesText } from './owner.tsx'
import { bytesOf, type Content, emptyArticle, emptyContent, textBytesAtMost } from './words.ts'
import './replies.css'

const articlesAtMost = 8

/** The messages of a reply, one below the other. Forms give `value` and `onChange`. */
export function ContentsField(props: {
  label: string
  value?: readonly Content[]
  onChange?(contents: Content[]): void
}): ReactNode {
  const t = useRepliesText()
  const { area, contentTypes } = useOwner()
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
            onClick: ({ key }) =>
              onChange([...value, emptyContent(key as Content['type'], area === 'agent-replies')]),
          }}
        >
          <Button icon={<PlusOutlined />}>{t('addContent')}</Button>
        </Dropdown>
      </li>
    </ol>
  )
}

type Fields<C extends Content> = { content: C; onChange(content: Content): void }

function ContentFields({ content, onChange }: Fields<Content>): ReactNode {
  const t = useRepliesText()
  switch (content.type) {
    case 'text':
    case 'markdown':
      return (
        <>
          <Input.TextArea
            aria-label={t(`content:${content.type}`)}
            rows={3}
            value={content.content}
            onChange={event => onChange({ ...content, content: event.target.value })}
          />
          <ByteCount text={content.content} />
        </>
      )
    case 'image':
    case 'voice':
      return 'mediaId' in content ? (
        <MaterialFields content={content} onChange={onChange} />
      ) : (
        <FileField content={content} onChange={onChange} />
      )
    case 'video':
      return <VideoFields content={content} onChange={onChange} />
    case 'news':
      return (
        <TextFields
          names={articleFields}
          value={content}
          onChange={part => onChange({ ...content, ...part })}
        />
      )
    case 'articles':
      return <ArticlesFields content={content} onChange={onChange} />
    case 'card':
      return (
        <TextFields
          names={['title', 'description', 'url', 'button'] as const}
          value={content}
          onChange={part => onChange({ ...content, ...part })}
        />
      )
    case 'transfer':
      return <TransferFields content={content} onChange={onChange} />
    case 'person':
      return <div className="wisp-quiet">{t('personHint')}</div>
  }
}

/** Media that WeChat keeps for good. */
function MaterialFields(props: Fields<Extract<Content, { mediaId: string }>>): ReactNode {
  const t = useRepliesText()
  const { originalId } = useOwner().input
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

/** A file that is stored here. */
function FileField({ content, onChange }: Fields<Extract<Content, { hash: string }>>): ReactNode {
  const t = useRepliesText()
  const { type, hash } = content
  return (
    <MediaField
      kind={type}
      hint={t(`fileHint:${type}`)}
      label={t(`content:${type}`)}
      value={hash === '' ? [] : [hash]}
      onChange={([chosen = '']) => onChange({ ...content, hash: chosen })}
    />
  )
}

function VideoFields(props: Fields<Extract<Content, { type: 'video' }>>): ReactNode {
  const { content, onChange } = props
  return (
    <div className="replies-fields">
      <FileField content={content} onChange={onChange} />
      <TextFields
        names={['title', 'description'] as const}
        value={content}
        onChange={part => onChange({ ...content, ...part })}
      />
    </div>
  )
}

function ArticlesFields(props: Fields<Extract<Content, { type: 'articles' }>>): ReactNode {
  const t = useRepliesText()
  const { content, onChange } = props
  const { articles } = content
  const change = (changed: typeof articles) => onChange({ ...content, articles: changed })
  return (
    <div className="replies-fields">
      {articles.map((article, index) => (
        // Articles have no ids; while one is edited its place is what stays.
        <fieldset key={index} className="replies-article" aria-label={t('article', { n: index + 1 })}>
          <div className="replies-card-head">
            <span className="wisp-quiet">{t('article', { n: index + 1 })}</span>
            {articles.length > 1 ? (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('removeArticle', { n: index + 1 })}
                onClick={() => change(articles.toSpliced(index, 1))}
              />
            ) : null}
          </div>
          <TextFields
            names={articleFields}
            value={article}
            onChange={part => change(articles.with(index, { ...article, ...part }))}
          />
        </fieldset>
      ))}
      {articles.length < articlesAtMost ? (
        <span>
          <Button size="small" icon={<PlusOutlined />} onClick={() => change([...articles, emptyArticle])}>
            {t('addArticle')}
          </Button>
        </span>
      ) : null}
    </div>
  )
}

function TransferFields(props: Fields<Extract<Content, { type: 'transfer' }>>): ReactNode {
  const t = useRepliesText()
  const { content, onChange } = props
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
}

const articleFields = ['title', 'description', 'url', 'picUrl'] as const
type TextName = (typeof articleFields)[number] | 'button'

function TextFields<Name extends TextName>(props: {
  names: readonly Name[]
  value: Record<Name, string>
  onChange(part: Partial<Record<Name, string>>): void
}): ReactNode {
  const t = useRepliesText()
  return (
    <div className="replies-fields">
      {props.names.map(name => (
        <Input
          key={name}
          aria-label={t(`news:${name}`)}
          placeholder={t(`news:${name}`)}
          value={props.value[name]}
          onChange={event => props.onChange({ [name]: event.target.value } as Partial<Record<Name, string>>)}
        />
      ))}
    </div>
  )
}

/** What the vendors count: a Chinese character has three bytes. */
function ByteCount({ text }: { text: string }): ReactNode {
  const t = useRepliesText()
  const bytes = bytesOf(text)
  const isOver = bytes > textBytesAtMost
  return (
    <div className={isOver ? 'replies-over' : 'wisp-quiet'} role={isOver ? 'alert' : undefined}>
      {t('bytes', { n: bytes, most: textBytesAtMost })}
    </div>
  )
}
