import { Form, Input, Segmented } from 'antd'
import { type ReactNode, useRef, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { UploadButton } from '../media/media-field.tsx'
import { isEditable, pageOf } from './article-html.ts'
import { type Insert, RichText } from './rich-text.tsx'

export type Article = Answer<'/web/official/draft'>['articles'][number]

const contentAtMost = 20_000
const modes = ['edit', 'html', 'view'] as const
type Mode = (typeof modes)[number]

/** The text of an article: edited as it looks or as HTML, or seen as WeChat will show it. */
export function ContentField(props: {
  originalId: string
  n: number
  article: Article
  change(patch: Partial<Article>): void
}): ReactNode {
  const t = useText('official-drafts')
  const { originalId, n, article, change } = props
  const { content } = article
  const canEdit = isEditable(content)
  const [mode, setMode] = useState<Mode>(canEdit ? 'edit' : 'html')
  const insert = useRef<Insert>(undefined)
  const give = useAct('/web/official/media/article-image')
  const length = [...content].length
  const insertPicture = async (hash: string) => {
    const given = await give.run({ originalId, hash })
    if (!given) return
    const picture = `<p><img src="${given.url}" alt=""></p>`
    if (mode === 'edit') insert.current?.(picture)
    else change({ content: `${content}\n${picture}` })
  }
  const upload = (
    <UploadButton
      kind="articleImage"
      label={t('insertImage')}
      onUploaded={hash => void insertPicture(hash)}
    />
  )
  return (
    <Form.Item
      label={t('content')}
      required
      validateStatus={length >= contentAtMost ? 'error' : ''}
      extra={t('contentHint', { n: length, most: contentAtMost - 1 })}
    >
      <Segmented
        aria-label={t('mode')}
        className="oa-draft-modes"
        value={mode}
        options={modes.map(value => ({
          value,
          label: t(`mode:${value}`),
          disabled: value === 'edit' && !canEdit,
          title: value === 'edit' && !canEdit ? t('htmlOnly') : '',
        }))}
        onChange={setMode}
      />
      {mode === 'edit' ? (
        <RichText
          label={t('content')}
          html={content}
          insert={insert}
          onChange={html => change({ content: html })}
        >
          {upload}
        </RichText>
      ) : null}
      {mode === 'html' ? (
        <>
          {canEdit ? null : <div className="wisp-quiet">{t('htmlOnly')}</div>}
          <Input.TextArea
            id={`draft-content-${n}`}
            aria-label={t('contentHtml')}
            rows={12}
            value={content}
            onChange={event => change({ content: event.target.value })}
          />
          <div className="oa-draft-upload">{upload}</div>
        </>
      ) : null}
      {mode === 'view' ? (
        <iframe className="oa-draft-view" sandbox="" title={t('mode:view')} srcDoc={pageOf(article)} />
      ) : null}
    </Form.Item>
  )
}
