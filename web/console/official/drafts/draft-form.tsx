import { Alert, App, Button, Checkbox, Form, Input, Segmented, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { MediaField } from '../../media/media-field.tsx'
import type { Account } from '../use-account.tsx'
import { type Article, ContentField } from './content-field.tsx'

const articleLimits = { articles: 8, title: 32, author: 16, digest: 128 } as const
const emptyArticle: Article = {
  title: '',
  author: '',
  digest: '',
  content: '',
  sourceUrl: '',
  coverHash: '',
  coverMediaId: '',
  hasComments: false,
  fansOnly: false,
}
const charsOf = (text: string) => [...text].length

/** A draft of one to eight articles; `id` is its media_id, or `new`. */
export function DraftEditor({ account, id }: { account: Account; id: string }): ReactNode {
  if (id === 'new') return <DraftForm account={account} mediaId="" articles={[emptyArticle]} />
  return <StoredDraft account={account} mediaId={id} />
}

function StoredDraft({ account, mediaId }: { account: Account; mediaId: string }): ReactNode {
  const { originalId } = account
  const read = useRead('/web/official/draft', { originalId, mediaId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  return <DraftForm account={account} mediaId={mediaId} articles={read.data.articles} />
}

function DraftForm(props: { account: Account; mediaId: string; articles: readonly Article[] }): ReactNode {
  const t = useText('official-drafts')
  const { modal } = App.useApp()
  const drawer = useOpen()
  const unsaved = useUnsaved()
  const [articles, setArticles] = useState<Article[]>([...props.articles])
  const [at, setAt] = useState(0)
  const article = articles[at]
  const { originalId } = props.account
  const save = useAct('/web/official/draft/save', { refresh: ['/web/official/draft'], done: t('saved') })
  const change = (next: Article[]) => {
    unsaved.touch()
    setArticles(next)
  }
  const go = async () => {
    const saved = await save.run({ originalId, mediaId: props.mediaId, articles })
    if (!saved) return
    unsaved.clear()
    drawer.close()
    if (saved.removed.length > 0)
      modal.warning({ title: t('removed'), content: saved.removed.map(one => <p key={one}>{one}</p>) })
  }
  return (
    <>
      <Space wrap style={{ marginBottom: 16 }}>
        <Segmented
          aria-label={t('articles')}
          value={at}
          options={articles.map((_, n) => ({ value: n, label: t('article', { n: n + 1 }) }))}
          onChange={setAt}
        />
        {articles.length < articleLimits.articles ? (
          <Button
            onClick={() => {
              change([...articles, emptyArticle])
              setAt(articles.length)
            }}
          >
            {t('addArticle')}
          </Button>
        ) : null}
      </Space>
      {article ? (
        <ArticleFields
          key={at}
          originalId={originalId}
          n={at}
          article={article}
          change={patch => change(articles.with(at, { ...article, ...patch }))}
        />
      ) : null}
      <DrawerActions>
        <Button type="primary" loading={save.isRunning} onClick={() => void go()}>
          {t('save')}
        </Button>
        {articles.length > 1 ? (
          <Button
            danger
            onClick={() => {
              change(articles.filter((_, n) => n !== at))
              setAt(Math.max(0, at - 1))
            }}
          >
            {t('removeArticle')}
          </Button>
        ) : null}
      </DrawerActions>
    </>
  )
}

type FieldsProps = {
  originalId: string
  n: number
  article: Article
  change(patch: Partial<Article>): void
}

function ArticleFields({ originalId, n, article, change }: FieldsProps): ReactNode {
  const t = useText('official-drafts')
  const counted = (name: 'title' | 'author' | 'digest') => {
    const length = charsOf(article[name])
    return {
      htmlFor: `draft-${name}-${n}`,
      validateStatus: length > articleLimits[name] ? ('error' as const) : ('' as const),
      extra: t('chars', { n: length, most: articleLimits[name] }),
    }
  }
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('articleTitle')} required {...counted('title')}>
        <Input
          id={`draft-title-${n}`}
          value={article.title}
          onChange={event => change({ title: event.target.value })}
        />
      </Form.Item>
      <Form.Item label={t('cover')} required>
        {article.coverHash === '' && article.coverMediaId ? (
          <Alert type="info" title={t('coverAtWechat')} style={{ marginBottom: 8 }} />
        ) : null}
        <MediaField
          kind="image"
          label={t('addCover')}
          value={article.coverHash ? [article.coverHash] : []}
          onChange={([coverHash = '']) => change({ coverHash, coverMediaId: '' })}
        />
      </Form.Item>
      <ContentField originalId={originalId} n={n} article={article} change={change} />
      <Form.Item label={t('author')} {...counted('author')}>
        <Input
          id={`draft-author-${n}`}
          value={article.author}
          onChange={event => change({ author: event.target.value })}
        />
      </Form.Item>
      <Form.Item label={t('digest')} tooltip={t('digestHint')} {...counted('digest')}>
        <Input.TextArea
          id={`draft-digest-${n}`}
          rows={2}
          value={article.digest}
          onChange={event => change({ digest: event.target.value })}
        />
      </Form.Item>
      <Form.Item label={t('sourceUrl')} htmlFor={`draft-source-${n}`}>
        <Input
          id={`draft-source-${n}`}
          value={article.sourceUrl}
          onChange={event => change({ sourceUrl: event.target.value })}
        />
      </Form.Item>
      <div className="oa-draft-checks">
        <Checkbox
          checked={article.hasComments}
          onChange={event => change({ hasComments: event.target.checked })}
        >
          {t('hasComments')}
        </Checkbox>
        <Checkbox
          checked={article.fansOnly}
          disabled={!article.hasComments}
          onChange={event => change({ fansOnly: event.target.checked })}
        >
          {t('fansOnly')}
        </Checkbox>
      </div>
    </Form>
  )
}
