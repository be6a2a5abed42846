import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover, Segmented } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import type { Column } from './look.ts'
import type { TableChoice } from './table-choice.ts'

/** Above the rows of a list: how many there are, and what else its reader may choose. */
export function ListBar(props: { total: number; children?: ReactNode }): ReactNode {
  const t = useText('common')
  return (
    <div className="wisp-list-bar">
      <span className="wisp-quiet wisp-list-total">{t('total', { n: props.total })}</span>
      {props.children}
    </div>
  )
}

/** Chooses which columns of a table are shown, and how dense its rows are. The first column says what a row is, and stays. */
export function TableChoices<R>(props: {
  columns: readonly Column<R>[]
  choice: TableChoice
  choose(change: Partial<TableChoice>): void
}): ReactNode {
  const t = useText('common')
  const { columns, choice, choose } = props
  const toggle = (key: string, isShown: boolean) =>
    choose({ hidden: isShown ? choice.hidden.filter(one => one !== key) : [...choice.hidden, key] })
  const content = (
    <div className="wisp-table-choices">
      <Segmented
        size="small"
        aria-label={t('density')}
        value={choice.isDense ? 'dense' : 'usual'}
        options={[
          { value: 'usual', label: t('densityUsual') },
          { value: 'dense', label: t('densityDense') },
        ]}
        onChange={value => choose({ isDense: value === 'dense' })}
      />
      {columns.map((column, index) => (
        <Checkbox
          key={column.key}
          disabled={index === 0}
          checked={index === 0 || !choice.hidden.includes(column.key)}
          onChange={event => toggle(column.key, event.target.checked)}
        >
          {column.title}
        </Checkbox>
      ))}
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" title={t('columns')} content={content}>
      <Button size="small" type="text" icon={<SettingOutlined aria-hidden />} aria-label={t('columns')} />
    </Popover>
  )
}
