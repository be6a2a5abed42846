import { Button, type TableProps } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlDrawer, useOpen } from '../address/url-drawer.tsx'
import { useConfirm } from '../data/act.tsx'
import { Filters } from '../list-table.tsx'
import { useNarrow } from '../look/width.ts'
import { useText } from '../text.ts'

type PushRow = { id: number }

/** What the table of a list of pushes is given. */
export type PushTable<R> = {
  rowKey(push: R): number
  onOpen(push: R): void
  selection: NonNullable<TableProps<R>['rowSelection']>
}

/** Works on pushes again. Resolves with whether that has been put into the queue. */
type Replay = { run(): Promise<boolean>; isRunning: boolean }

/**
 * What an upstream has pushed, in whose list some can be selected and replayed, and then all that the filter finds too. How the rows
 * are read and what a push is called differs.
 */
export function PushList<R extends PushRow>(props: {
  nameOf(id: string): string
  /** What a replay does and does not do, said before it. */
  replayHint: string
  replay(ids: number[]): Replay
  /** Those that the filter finds, where they can be replayed at once. */
  all?: Replay & { count: number }
  filters: ReactNode
  table(given: PushTable<R>): ReactNode
  detail(id: string): ReactNode
}): ReactNode {
  const { nameOf } = props
  const { id, open } = useOpen()
  const [selected, setSelected] = useState<number[]>([])
  return (
    <>
      <Filters>{props.filters}</Filters>
      <ReplayBar
        selected={selected}
        hint={props.replayHint}
        some={props.replay(selected)}
        all={props.all}
        clear={() => setSelected([])}
      />
      {props.table({
        rowKey: push => push.id,
        onOpen: push => open(push.id),
        selection: {
          selectedRowKeys: selected,
          preserveSelectedRowKeys: true,
          onChange: keys => setSelected(keys.map(Number)),
          getCheckboxProps: push => ({ 'aria-label': nameOf(String(push.id)) }) as object,
        },
      })}
      <UrlDrawer title={nameOf(id)}>{one => props.detail(one)}</UrlDrawer>
    </>
  )
}

function ReplayBar(props: {
  selected: readonly number[]
  hint: string
  some: Replay
  all: (Replay & { count: number }) | undefined
  clear(): void
}): ReactNode {
  const t = useText('pushes')
  const confirm = useConfirm()
  const { selected, hint, some, all, clear } = props
  const isAsked = (n: number) =>
    confirm({ title: t('replayTitle', { n }), content: hint, okText: t('replay') })
  const replaySelected = async () => {
    if ((await isAsked(selected.length)) && (await some.run())) clear()
  }
  const replayAll = async () => {
    if (all && (await isAsked(all.count)) && (await all.run())) clear()
  }
  const isNarrow = useNarrow()
  // A phone's cards cannot be selected.
  if (selected.length === 0 && !(isNarrow && all?.count)) return null
  return (
    <div className="wisp-filters" style={{ alignItems: 'center' }}>
      {selected.length > 0 ? (
        <Button type="primary" loading={some.isRunning} onClick={() => void replaySelected()}>
          {t('replaySelected', { n: selected.length })}
        </Button>
      ) : null}
      {all && all.count > 0 ? (
        <Button loading={all.isRunning} onClick={() => void replayAll()}>
          {t('replayAll', { n: all.count })}
        </Button>
      ) : null}
      {selected.length > 0 ? <Button onClick={clear}>{t('clearSelection')}</Button> : null}
    </div>
  )
}
