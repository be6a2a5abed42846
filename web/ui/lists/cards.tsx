import { Pagination } from 'antd'
import type { ReactNode } from 'react'
import './lists.css'
import type { ListPage } from './look.ts'
import { fromRow } from './row-click.ts'
import { subjectFirst } from './subject-first.ts'

/** The rows of a list on a phone, where all text is shown whole. */
export function Cards<R extends object>(props: ListPage<R>): ReactNode {
  if (props.rows.length === 0) return props.empty
  const columns = subjectFirst(props.columns.filter(column => !column.wideOnly))
  const { pagination, onOpen } = props
  return (
    <div aria-busy={props.isBusy} className="wisp-rows">
      <ul className="wisp-cards" aria-label={props.label}>
        {props.rows.map(row => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the card's first link does the same from the keyboard.
          <li
            key={props.rowKey(row)}
            onClick={event => onOpen && fromRow(event.target) && onOpen(row)}
            style={onOpen ? { cursor: 'pointer' } : {}}
          >
            {columns.map((column, index) => (
              <div key={column.key} className={index === 0 ? 'wisp-card-head' : 'wisp-card-line'}>
                {index === 0 ? null : <span>{column.title}</span>}
                <div>{column.render(row)}</div>
              </div>
            ))}
          </li>
        ))}
      </ul>
      {pagination.total > pagination.pageSize ? <Pagination {...pagination} simple align="center" /> : null}
    </div>
  )
}
