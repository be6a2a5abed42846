import { Button, Checkbox, Form, Input, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { type Account, whyNot } from '../use-account.tsx'
import { path } from './results.tsx'

type Kind = 'template' | 'subscribe'

/** Adds a template of WeChat's library: category, template, keywords. */
export function AddTemplate(props: { account: Account; onDone(templateId: string): void }): ReactNode {
  const t = useText('official-templates')
  const { account, onDone } = props
  const { originalId } = account
  const mayTemplate = whyNot(account, 'template') === undefined
  const [kind, setKind] = useState<Kind>(mayTemplate ? 'template' : 'subscribe')
  const [categoryId, setCategoryId] = useState('')
  const [libraryId, setLibraryId] = useState('')
  const [chosen, setChosen] = useState<{ id: number; name: string }[]>([])
  const [scene, setScene] = useState('')
  const categories = useRead('/web/official/templates/categories', { originalId })
  const add = useAct('/web/official/templates/add', { done: t('added'), refresh: [path] })
  if (categories.error) return <ErrorState error={categories.error} retry={() => void categories.refetch()} />
  if (!categories.data) return <Loading />
  if (categories.data.list.length === 0) return <EmptyState title={t('noCategories')} />
  const isComplete =
    kind === 'template' ? chosen.length > 0 : chosen.length >= 2 && chosen.length <= 5 && scene !== ''
  return (
    <Form layout="vertical" component="div">
      {mayTemplate ? (
        <Form.Item label={t('kind')}>
          <Segmented<Kind>
            value={kind}
            options={(['template', 'subscribe'] as const).map(value => ({ value, label: t(value) }))}
            onChange={setKind}
          />
        </Form.Item>
      ) : null}
      <Form.Item label={t('category')} htmlFor="add-category" required>
        <Select
          id="add-category"
          value={categoryId || null}
          options={categories.data.list.map(one => ({ value: one.id, label: one.name }))}
          onChange={id => {
            setCategoryId(id ?? '')
            setLibraryId('')
            setChosen([])
          }}
        />
      </Form.Item>
      {categoryId ? (
        <LibrarySelect
          key={categoryId}
          originalId={originalId}
          categoryId={categoryId}
          value={libraryId}
          onChange={id => {
            setLibraryId(id)
            setChosen([])
          }}
        />
      ) : null}
      {libraryId ? (
        <Keywords originalId={originalId} libraryId={libraryId} value={chosen} onChange={setChosen} />
      ) : null}
      {kind === 'subscribe' ? (
        <Form.Item label={t('scene')} htmlFor="add-scene" extra={t('sceneHint')} required>
          <Input
            id="add-scene"
            maxLength={15}
            value={scene}
            onChange={event => setScene(event.target.value)}
          />
        </Form.Item>
      ) : null}
      <Button
        type="primary"
        disabled={!isComplete}
        loading={add.isRunning}
        onClick={async () => {
          const added = await add.run({ originalId, kind, libraryId, keywords: chosen, scene })
          if (added) onDone(added.templateId)
        }}
      >
        {t('add')}
      </Button>
    </Form>
  )
}

function LibrarySelect(props: {
  originalId: string
  categoryId: string
  value: string
  onChange(id: string): void
}): ReactNode {
  const t = useText('official-templates')
  const { originalId, categoryId } = props
  const [pageNo, setPageNo] = useState(1)
  const read = useRead('/web/official/templates/library', { originalId, categoryId, pageNo }, { keep: true })
  const pages = Math.ceil((read.data?.total ?? 0) / 30)
  return (
    <Form.Item label={t('library')} htmlFor="add-library" required>
      <Select
        id="add-library"
        showSearch={{ optionFilterProp: 'label' }}
        loading={read.isFetching}
        placeholder={t('chooseTemplate')}
        value={props.value || null}
        options={(read.data?.list ?? []).map(one => ({
          value: one.id,
          label: `${one.title}${one.isLongTerm ? ` · ${t('longTerm')}` : ''}`,
        }))}
        onChange={id => props.onChange(id ?? '')}
      />
      {pages > 1 ? (
        <Segmented
          style={{ marginTop: 8 }}
          value={pageNo}
          options={Array.from({ length: pages }, (_, index) => index + 1)}
          onChange={setPageNo}
        />
      ) : null}
    </Form.Item>
  )
}

function Keywords(props: {
  originalId: string
  libraryId: string
  value: readonly { id: number; name: string }[]
  onChange(chosen: { id: number; name: string }[]): void
}): ReactNode {
  const t = useText('official-templates')
  const { originalId, libraryId, value, onChange } = props
  const read = useRead('/web/official/templates/keywords', { originalId, libraryId })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  return (
    <Form.Item label={t('keywords')}>
      <div style={{ display: 'grid', gap: 8 }}>
        {read.data.list.map(({ id, name, example }) => {
          const place = value.findIndex(one => one.id === id)
          return (
            <Checkbox
              key={id}
              checked={place >= 0}
              onChange={event =>
                onChange(event.target.checked ? [...value, { id, name }] : value.filter(one => one.id !== id))
              }
            >
              {name}
              {place >= 0 ? ` (${place + 1})` : ''} <span className="wisp-quiet">{example}</span>
            </Checkbox>
          )
        })}
      </div>
    </Form.Item>
  )
}
