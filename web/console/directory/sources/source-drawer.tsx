import { Alert, Button, Space, Upload } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { base64Of } from '../../../ui/data/files.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { Fold } from '../../../ui/forms/fold.tsx'
import { PlainTable } from '../../../ui/import/plain-table.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { useFieldName } from './field-name.ts'
import { EarlierRuns, RunView } from './run-view.tsx'
import { sourcesPath as list, newSource, type Source } from './source.ts'
import { SourceForm } from './source-form.tsx'

/** Opened by `?open=new` or `?open=<number>`. */
export function SourceDrawer(): ReactNode {
  const t = useText('sources')
  const { id, open } = useOpen()
  return (
    <UrlDrawer title={t(id === newSource ? 'add' : 'edit')} width="wide">
      {id => <Opened id={id} made={made => open(String(made))} />}
    </UrlDrawer>
  )
}

function Opened({ id, made }: { id: string; made(id: number): void }): ReactNode {
  const { data, error, refetch } = useRead(list, {}, { every: 3000 })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  if (id === newSource) return <SourceForm initial={data.initial} fields={data.fields} saved={made} />
  const source = data.list.find(one => String(one.id) === id)
  if (!source) return <NotFound />
  return <Known key={source.id} source={source} initial={data.initial} fields={data.fields} />
}

type KnownProps = { source: Source; initial: Source['settings']; fields: readonly string[] }

function Known({ source, initial, fields }: KnownProps): ReactNode {
  const t = useText('sources')
  const { close } = useOpen()
  const [trial, setTrial] = useState<Answer<'/web/directory/sources/look'>>()
  return (
    <>
      <h3>{source.name}</h3>
      {source.failure ? <Alert type="error" showIcon title={source.failure} /> : null}
      <Begin source={source} tried={setTrial} />
      {trial ? <TrialView trial={trial} /> : null}
      {source.lastRun ? (
        <RunView
          key={source.lastRun.id}
          run={source.lastRun}
          isLatest
          strangersStay={source.settings.covers === 'own'}
        />
      ) : null}
      <Fold summary={t('runs')} isOpenOnly>
        <EarlierRuns sourceId={source.id} />
      </Fold>
      <Fold summary={t('settings')} isOpenOnly>
        <SourceForm
          key={source.version}
          source={source}
          initial={initial}
          fields={fields}
          saved={() => undefined}
          more={<Remove source={source} removed={close} />}
        />
      </Fold>
    </>
  )
}

/** Reads the source: a file that is chosen here, or whatever its settings name. */
function Begin(props: {
  source: Source
  tried(trial: Answer<'/web/directory/sources/look'> | undefined): void
}): ReactNode {
  const t = useText('sources')
  const { id, kind } = props.source
  const preview = useAct('/web/directory/sources/preview', {
    refresh: [list],
    done: ({ runId }) => (runId === null ? t('asked') : undefined),
  })
  const look = useAct('/web/directory/sources/look')
  const tryIt = async (file?: File) =>
    props.tried(await look.run({ id, ...(file ? { content: await base64Of(file) } : {}) }))
  const read = async (file?: File) => {
    props.tried(undefined)
    await preview.run({ id, ...(file ? { fileName: file.name, content: await base64Of(file) } : {}) })
  }
  const chosen = (take: (file: File) => Promise<void>) => ({
    accept: '.csv,.txt,.xlsx,text/csv',
    maxCount: 1,
    showUploadList: false,
    beforeUpload: (file: File) => {
      void take(file)
      return false
    },
  })
  if (kind !== 'file')
    return (
      <Space style={{ marginBlock: 16 }}>
        <Button type="primary" loading={preview.isRunning} onClick={() => void read()}>
          {t('readNow')}
        </Button>
        <Button loading={look.isRunning} onClick={() => void tryIt()}>
          {t('look')}
        </Button>
      </Space>
    )
  return (
    <Space style={{ marginBlock: 16 }}>
      <Upload {...chosen(read)}>
        <Button type="primary" loading={preview.isRunning}>
          {t('upload')}
        </Button>
      </Upload>
      <Upload {...chosen(tryIt)}>
        <Button loading={look.isRunning}>{t('look')}</Button>
      </Upload>
    </Space>
  )
}

function TrialView({ trial }: { trial: Answer<'/web/directory/sources/look'> }): ReactNode {
  const t = useText('sources')
  const nameOf = useFieldName()
  const { people, columns, first } = trial
  return (
    <section aria-label={t('look')}>
      <p>{t('lookHint', { n: formatNumber(people) })}</p>
      <p className="wisp-quiet">{t('columns', { columns: columns.join('、') })}</p>
      <PlainTable
        title={t('look')}
        rows={first}
        columns={[
          { title: t('userId'), render: row => row.userId || row.key },
          {
            title: t('fields'),
            render: row => row.fields.map(({ field, value }) => `${nameOf(field)} ${value}`).join('；'),
          },
          { title: t('result'), render: row => row.why.join('；') },
        ]}
      />
    </section>
  )
}

function Remove({ source, removed }: { source: Source; removed(): void }): ReactNode {
  const t = useText('sources')
  const act = useAct('/web/directory/sources/remove', {
    done: t('removed'),
    refresh: [list],
    confirm: () => ({
      title: t('confirmRemove', { name: source.name }),
      content: t('removeHint'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const remove = async () => {
    if (await act.run({ id: source.id })) removed()
  }
  return (
    <Button danger loading={act.isRunning} onClick={() => void remove()}>
      {t('remove')}
    </Button>
  )
}
