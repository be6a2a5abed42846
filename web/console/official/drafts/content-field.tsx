import { Form, Input, Segmented } from 'antd'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { UploadButton } from '../../media/media-field.tsx'
import { pageOf } from './article-page.ts'
import { isReadable } from './editor/inert-html.ts'
import type { InsertPicture } from './editor/rich-text.tsx'

const RichText = lazy(async () => ({ default: (await import('./editor/rich-text.tsx')).RichText }))

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
  const canEdit = isReadable(content)
  const [mode, setMode] = useState<Mode>(canEdit ? 'edit' : 'html')
  const insert = useRef<InsertPicture>(undefined)
  const give = useAct('/web/official/media/article-image')
  const length = [...content].length
  const insertPicture = async (hash: string) => {
    const given = await give.run({ originalId, hash })
    if (!given) return
    if (mode === 'edit') insert.current?.(given.url)
    else change({ content: `${content}\n<p><img src="${given.url}" alt=""></p>` })
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
        <Suspense fallback={<Loading height={260} />}>
          <RichText
            label={t('content')}
            html={content}
            insertPicture={insert}
            onChange={html => change({ content: html })}
          >
            {upload}
          </RichText>
        </Suspense>
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
