import { DeleteOutlined, PlusOutlined, SendOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useSession } from '../../../ui/data/session.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { corpPath, installationPath, newReceiver, type Receiver, type SiemPath } from './receiver.ts'

const ReceiverForm = later(async () => (await import('./receiver-form.tsx')).ReceiverForm)

type TestResult = { name: string; isSent: boolean; answer: string }

/** Where audit entries and alerts are sent. The system administrator also sees those of the installation. */
export function Page(): ReactNode {
  const t = useText('siem')
  const { isSystem, corpId } = useSession()
  const [path, setPath] = useState<SiemPath>(corpPath)
  const drawer = useOpen()
  const [tried, setTried] = useState<TestResult>()
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => drawer.open(newReceiver)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      {isSystem ? (
        <Segmented
          aria-label={t('whose')}
          value={path}
          options={[
            { value: corpPath, label: t('ofCorp') },
            { value: installationPath, label: t('ofInstallation') },
          ]}
          onChange={setPath}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      {tried ? (
        <Alert
          type={tried.isSent ? 'success' : 'error'}
          showIcon
          closable={{ onClose: () => setTried(undefined) }}
          title={`${tried.name}：${t(tried.isSent ? 'sent' : 'notSent')}`}
          description={tried.answer}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      <ListTable
        key={`${path} ${corpId}`}
        label={t('title')}
        path={path}
        columns={useColumns(path, setTried)}
        rowKey={row => row.id}
        onOpen={row => drawer.open(row.id)}
        every={10_000}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <UrlDrawer title={t(drawer.id === newReceiver ? 'add' : 'edit')}>
        {id => <ReceiverForm key={`${path} ${id}`} path={path} id={id} onDone={drawer.close} />}
      </UrlDrawer>
    </>
  )
}

const kinds: Record<Receiver['state'], StateKind> = {
  off: 'idle',
  waiting: 'idle',
  good: 'good',
  failing: 'warn',
  late: 'bad',
}

function useColumns(path: SiemPath, tell: (tried: TestResult) => void): Column<Receiver>[] {
  const t = useText('siem')
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={row.id}>{row.name}</OpenLink> },
    {
      key: 'address',
      title: t('address'),
      render: row => `${t(row.transport)} ${row.address}`,
    },
    {
      key: 'state',
      title: t('state'),
      render: row => (
        <>
          <State kind={kinds[row.state]}>{t(`state_${row.state}`)}</State>
          {row.failure ? <div className="wisp-quiet">{row.failure}</div> : null}
        </>
      ),
    },
    { key: 'sentAt', title: t('sentAt'), render: row => <Time at={row.sentAt} /> },
    { key: 'waiting', title: t('waiting'), align: 'right', render: row => formatNumber(row.waiting) },
    { key: 'acts', title: '', align: 'right', render: row => <Acts path={path} row={row} tell={tell} /> },
  ]
}

function Acts({
  path,
  row,
  tell,
}: {
  path: SiemPath
  row: Receiver
  tell(tried: TestResult): void
}): ReactNode {
  const t = useText('siem')
  const common = useText('common')
  const { id, name } = row
  const test = useAct(`${path}/test`, {
    done: answer => {
      tell({ name, ...answer })
      return undefined
    },
  })
  const remove = useAct(`${path}/remove`, {
    done: t('removed'),
    refresh: [path],
    confirm: () => ({
      title: t('remove', { name }),
      content: t('removeHint'),
      okText: common('delete'),
      danger: true,
    }),
  })
  return (
    <Space size={4}>
      <Button
        size="small"
        icon={<SendOutlined aria-hidden />}
        loading={test.isRunning}
        onClick={() => void test.run({ id })}
      >
        {t('test')}
      </Button>
      <Button
        size="small"
        type="text"
        danger
        icon={<DeleteOutlined aria-hidden />}
        aria-label={`${common('delete')} ${name}`}
        loading={remove.isRunning}
        onClick={() => void remove.run({ id })}
      />
    </Space>
  )
}
