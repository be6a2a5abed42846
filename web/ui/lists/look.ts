import type { TableProps } from 'antd'
import type { ReactNode } from 'react'

export type Column<R> = {
  /** The field that the server sorts by when this column is sorted. */
  key: string
  title: string
  render(row: R): ReactNode
  sorts?: boolean
  /** How wide its content may become, in pixels; what does not fit is cut, and shown whole on hover and focus. */
  width?: number
  align?: 'left' | 'right'
  /** What a row is about: it titles a phone's cards, where the first column is a number or a time. */
  isSubject?: boolean
  /** Not shown on a phone's cards. */
  wideOnly?: boolean
}

/** How a list looks, whoever reads its rows. */
export type ListLook<R> = {
  columns: readonly Column<R>[]
  rowKey: (row: R) => string | number
  /** Called when a row is clicked. Give the first column an OpenLink as well, for the keyboard. */
  onOpen?: (row: R) => void
  selection?: NonNullable<TableProps<R>['rowSelection']>
  label: string
}

/** A list with the rows of a page. */
export type ListPage<R> = ListLook<R> & {
  rows: R[]
  pagination: { current: number; pageSize: number; total: number; onChange(no: number, size: number): void }
  empty: ReactNode
  isBusy: boolean
}
