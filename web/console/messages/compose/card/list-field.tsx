import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import type { Path } from './card-draft.ts'
import { PartSaid } from './fields.tsx'
import { useField } from './use-card.ts'
import './card.css'

/** The lines of a list of the card: add, remove, move. `children` are the fields of the line at a path. */
export function ListField(props: {
  path: Path
  /** One line, as 按钮. */
  one: string
  max: number
  /** How many must stay. */
  min?: number
  fresh: (list: readonly object[]) => object
  /** A small line has its tools beside its fields, which have no visible labels. */
  isSmall?: boolean
  children: (path: Path, at: number) => ReactNode
}): ReactNode {
  const t = useText('cards')
  const { value, set } = useField(props.path)
  const list: readonly object[] = Array.isArray(value) ? value : []
  const { one, max, min = 0 } = props
  return (
    <div className="card-edit-list">
      <PartSaid path={props.path} />
      {list.map((_line, at) => (
        <fieldset
          key={at}
          className={props.isSmall ? 'card-edit-small' : 'card-edit-line'}
          aria-label={t('nth', { one, n: at + 1 })}
        >
          {props.isSmall ? null : <span className="wisp-quiet">{t('nth', { one, n: at + 1 })}</span>}
          <div className="card-edit-tools">
            <Tool
              label={t('moveUp', { one, n: at + 1 })}
              icon={<ArrowUpOutlined aria-hidden />}
              isOff={at === 0}
              act={() => set(swapped(list, at - 1))}
            />
            <Tool
              label={t('moveDown', { one, n: at + 1 })}
              icon={<ArrowDownOutlined aria-hidden />}
              isOff={at === list.length - 1}
              act={() => set(swapped(list, at))}
            />
            <Tool
              label={t('remove', { one, n: at + 1 })}
              icon={<DeleteOutlined aria-hidden />}
              isOff={list.length <= min}
              act={() => set(list.toSpliced(at, 1))}
            />
          </div>
          <div className="card-edit-fields">{props.children(`${props.path}[${at}]`, at)}</div>
        </fieldset>
      ))}
      {list.length < max ? (
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => set([...list, props.fresh(list)])}
        >
          {t('add', { one })}
        </Button>
      ) : (
        <span className="wisp-quiet">{t('atMost', { n: max })}</span>
      )}
    </div>
  )
}

function Tool(props: { label: string; icon: ReactNode; isOff: boolean; act: () => void }): ReactNode {
  return (
    <Button
      type="text"
      size="small"
      icon={props.icon}
      aria-label={props.label}
      disabled={props.isOff}
      onClick={props.act}
    />
  )
}

const swapped = (list: readonly object[], at: number) =>
  list.with(at, list[at + 1] as object).with(at + 1, list[at] as object)
