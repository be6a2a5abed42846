import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../../ui/data/act.tsx'
import type { Row } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { EmptyState } from '../../../../ui/feedback.tsx'
import { later } from '../../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../../ui/list-table.tsx'
import { PageTitle } from '../../../../ui/page-title.tsx'
import { useText } from '../../../../ui/text.ts'
import { type TestAnswer, TestButton, TestResult } from '../tests.tsx'
import { newRobot } from './new-robot.ts'

const RobotForm = later(async () => (await import('./robot-form.tsx')).RobotForm)

const path = '/web/messages/robots'
type Robot = Row<typeof path>

export function Page(): ReactNode {
  const t = useText('group-robots')
  const drawer = useOpen()
  const [answer, setAnswer] = useState<TestAnswer>()
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => drawer.open(newRobot)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      <TestResult
        answer={answer}
        words={t(answer?.isSent ? 'sent' : 'notSent')}
        onClose={() => setAnswer(undefined)}
      />
      <ListTable
        label={t('title')}
        path={path}
        columns={useColumns(setAnswer)}
        rowKey={row => row.id}
        onOpen={row => drawer.open(row.id)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <UrlDrawer title={t(drawer.id === newRobot ? 'add' : 'edit')}>
        {id => <RobotForm key={id} id={id} onDone={drawer.close} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(tell: (answer: TestAnswer) => void): Column<Robot>[] {
  const t = useText('group-robots')
  const names = useRead(path, {}).data?.developers ?? []
  const nameOf = (devId: string) => names.find(one => one.devId === devId)?.name ?? devId
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={row.id}>{row.name}</OpenLink> },
    { key: 'vendor', title: t('vendor'), render: row => t(row.vendor) },
    { key: 'id', title: t('id'), render: row => <code>{row.id}</code> },
    { key: 'devIds', title: t('developers'), render: row => row.devIds.map(nameOf).join('、') || '—' },
    { key: 'acts', title: '', align: 'right', render: row => <Acts robot={row} tell={tell} /> },
  ]
}

function Acts({ robot, tell }: { robot: Robot; tell: (answer: TestAnswer) => void }): ReactNode {
  const t = useText('group-robots')
  const common = useText('common')
  const { id, name } = robot
  const remove = useAct('/web/messages/robots/remove', {
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
      <TestButton path="/web/messages/robots/test" row={{ id, name }} label={t('test')} tell={tell} />
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
