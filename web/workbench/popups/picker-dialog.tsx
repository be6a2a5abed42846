import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useState } from 'react'
import type { PickDepartment, PickMember } from '../../../server/features/apps/workbench/picker.ts'
import { api } from '../../ui/data/api.ts'
import { ErrorNumber } from '../../ui/error-number.tsx'
import { useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'
import { Sheet } from '../sheet.tsx'
import type { Choice, PopupCall } from './popup-rules.ts'

type Props = {
  ask: PopupCall
  isPhone: boolean
  /** Called with the choice, or with undefined when the person cancelled. */
  onDone(value: unknown): void
}

type Row = Choice & { detail: string }

/**
 * Chooses among the members or departments that the person may see. It is not the console's picker (ui/pickers.tsx), which is a field of
 * Ant Design's: apps ask for it on phones, where a thumb walks down the tree a screen at a time, and pages of the workbench have no
 * component library (docs/decisions/README.md#choices-without-a-page). Whom it shows is decided by the server, for both alike.
 */
export function PickerDialog({ ask, isPhone, onDone }: Props): ReactNode {
  const t = useText('portal')
  const { options } = ask
  const isMembers = ask.act === 'pickMembers'
  const [chosen, setChosen] = useState<Choice[]>(options.selected.slice(0, options.max))
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query.trim())
  const toggle = (row: Choice) => {
    const others = chosen.filter(one => one.id !== row.id)
    if (others.length < chosen.length) setChosen(others)
    else if (!options.multiple) setChosen([{ id: row.id, name: row.name }])
    else if (chosen.length < options.max) setChosen([...others, { id: row.id, name: row.name }])
  }
  const done = () =>
    onDone(
      chosen.map(({ id, name }) =>
        isMembers ? { userId: id, userName: name } : { orgId: id, orgName: name },
      ),
    )
  const list = { chosen, toggle, isMembers, isSingle: !options.multiple }
  return (
    <Sheet
      place={isPhone ? 'bottom' : 'middle'}
      className="wb-picker"
      title={options.title || t(isMembers ? 'pickMembers' : 'pickDepartments')}
      onClose={() => onDone(undefined)}
    >
      <div className="wb-search">
        <Icon name="search" size={18} />
        <input
          type="search"
          value={query}
          onChange={event => setQuery(event.target.value)}
          placeholder={t(isMembers ? 'pickSearchMembers' : 'pickSearchDepartments')}
          aria-label={t(isMembers ? 'pickSearchMembers' : 'pickSearchDepartments')}
        />
      </div>
      <Chosen chosen={chosen} remove={toggle} />
      <div className="wb-picker-list">
        {wanted ? <Found query={wanted} {...list} /> : <Browse {...list} />}
      </div>
      <footer className="wb-picker-foot">
        <span aria-live="polite">
          {t('picked', { n: chosen.length })}
          {options.multiple && chosen.length >= options.max ? ` · ${t('pickedAll', { n: options.max })}` : ''}
        </span>
        <button type="button" className="wb-button" onClick={() => onDone(undefined)}>
          {t('cancel')}
        </button>
        <button
          type="button"
          className="wb-button wb-primary"
          disabled={chosen.length === 0 && options.selected.length === 0}
          onClick={done}
        >
          {t('confirm')}
        </button>
      </footer>
    </Sheet>
  )
}

function Chosen(props: { chosen: Choice[]; remove(row: Choice): void }): ReactNode {
  const t = useText('portal')
  if (props.chosen.length === 0) return null
  return (
    <ul className="wb-chosen" aria-label={t('pickedList')}>
      {props.chosen.map(one => (
        <li key={one.id}>
          <button
            type="button"
            onClick={() => props.remove(one)}
            aria-label={t('unpick', { name: one.name })}
          >
            {one.name}
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

type ListProps = { chosen: Choice[]; toggle(row: Choice): void; isMembers: boolean; isSingle: boolean }

function Found({ query, ...list }: ListProps & { query: string }): ReactNode {
  const t = useText('portal')
  const { data, error } = useQuery({
    queryKey: ['/web/portal/picker/search', query],
    queryFn: ({ signal }) => api.get('/web/portal/picker/search', { text: query }, signal),
    placeholderData: before => before,
  })
  if (error) return <PickFailed error={error} />
  if (!data) return <p className="wb-none">{t('loading')}</p>
  const rows = list.isMembers ? data.members.map(memberRow) : data.departments.map(departmentRow)
  if (rows.length === 0) return <p className="wb-none">{t('nothingFound', { text: query })}</p>
  return <Rows rows={rows} {...list} />
}

function PickFailed(props: { error: unknown }): ReactNode {
  const t = useText('portal')
  return (
    <p className="wb-none">
      {t('pickFailed')}
      <ErrorNumber of={props.error} />
    </p>
  )
}

const memberRow = (one: PickMember): Row => ({ id: one.userId, name: one.userName, detail: one.orgName })
const departmentRow = (one: PickDepartment): Row => ({ id: one.orgId, name: one.orgName, detail: '' })

/** Browses down through the departments, with the path back at the top. */
function Browse(list: ListProps): ReactNode {
  const t = useText('portal')
  const [path, setPath] = useState<PickDepartment[]>([])
  const here = path.at(-1)
  const departments = useQuery({
    queryKey: ['/web/portal/picker/departments', here?.orgId],
    queryFn: ({ signal }) =>
      api.get('/web/portal/picker/departments', { parentId: here ? Number(here.orgId) : '' }, signal),
  })
  const inner = departments.data?.list ?? []
  return (
    <>
      <nav className="wb-path" aria-label={t('pickPath')}>
        <button type="button" onClick={() => setPath([])} disabled={!here}>
          {t('pickTop')}
        </button>
        {path.map((one, index) => (
          <button
            key={one.orgId}
            type="button"
            disabled={one === here}
            onClick={() => setPath(path.slice(0, index + 1))}
          >
            {one.orgName}
          </button>
        ))}
      </nav>
      {departments.error ? <PickFailed error={departments.error} /> : null}
      {departments.isLoading ? <p className="wb-none">{t('loading')}</p> : null}
      <ul className="wb-rows">
        {inner.map(one => (
          <li key={one.orgId}>
            {list.isMembers ? null : <Check row={departmentRow(one)} {...list} />}
            {list.isMembers || one.hasChildren ? (
              <button
                type="button"
                className={list.isMembers ? 'wb-row-button' : 'wb-plain'}
                aria-label={t('pickInto', { name: one.orgName })}
                onClick={() => setPath([...path, one])}
              >
                {list.isMembers ? (
                  <>
                    <Icon name="department" />
                    <span className="wb-grow">{one.orgName}</span>
                  </>
                ) : null}
                <Icon name="chevron" size={16} />
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {list.isMembers && here ? (
        <MembersOf orgId={here.orgId} isEmpty={inner.length === 0} {...list} />
      ) : null}
      {!departments.isLoading && inner.length === 0 && !(list.isMembers && here) ? (
        <p className="wb-none">{t('pickEmpty')}</p>
      ) : null}
    </>
  )
}

function MembersOf({ orgId, isEmpty, ...list }: ListProps & { orgId: string; isEmpty: boolean }): ReactNode {
  const t = useText('portal')
  const [pages, setPages] = useState(1)
  const { data } = useQuery({
    queryKey: ['/web/portal/picker/members', orgId, pages],
    queryFn: async ({ signal }) => {
      const all: PickMember[] = []
      let total = 0
      for (let pageNo = 1; pageNo <= pages; pageNo++) {
        const page = await api.get('/web/portal/picker/members', { orgId: Number(orgId), pageNo }, signal)
        all.push(...page.list)
        total = page.total
      }
      return { all, total }
    },
    placeholderData: before => before,
  })
  if (!data) return null
  if (data.total === 0 && isEmpty) return <p className="wb-none">{t('pickEmpty')}</p>
  return (
    <>
      <Rows rows={data.all.map(one => ({ ...memberRow(one), detail: '' }))} {...list} />
      {data.all.length < data.total ? (
        <button type="button" className="wb-button wb-more" onClick={() => setPages(pages + 1)}>
          {t('more')}
        </button>
      ) : null}
    </>
  )
}

function Rows({ rows, ...list }: ListProps & { rows: Row[] }): ReactNode {
  return (
    <ul className="wb-rows">
      {rows.map(row => (
        <li key={row.id}>
          <Check row={row} {...list} />
        </li>
      ))}
    </ul>
  )
}

function Check({ row, chosen, toggle, isSingle }: ListProps & { row: Row }): ReactNode {
  return (
    <label className="wb-check">
      <input
        type={isSingle ? 'radio' : 'checkbox'}
        checked={chosen.some(one => one.id === row.id)}
        onChange={() => toggle(row)}
      />
      <span className="wb-grow">
        {row.name}
        {row.detail ? <small>{row.detail}</small> : null}
      </span>
    </label>
  )
}
