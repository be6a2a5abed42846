import type pg from 'pg'

/** A node of a plan, as EXPLAIN (FORMAT JSON) tells it. */
type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Plans?: Node[]
}

/** How a plan reads a table. `condition` is what it is found by; '' for a scan of the whole. */
export type Access = { table: string; relation: string; by: string; condition: string }

export type Relations = {
  /** The table that a relation is a month of, or the relation itself. */
  tableOf(relation: string): string
  rowsOf(relation: string): number
  /** The months that a table lies by; none for others. */
  monthsOf(table: string): string[]
}

/** Sizes as the planner knows them. */
export async function readRelations(client: pg.Client): Promise<Relations> {
  const { rows } = await client.query<{ name: string; rows: number; parent: string | null }>(`
    select c.relname as name, greatest(c.reltuples, 0)::float8 as rows, p.relname as parent
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (p.relkind is null or p.relkind = 'p')`)
  const byName = new Map(rows.map(row => [row.name, row]))
  return {
    tableOf: relation => byName.get(relation)?.parent ?? relation,
    rowsOf: relation => byName.get(relation)?.rows ?? 0,
    monthsOf: table => rows.filter(row => row.parent === table).map(row => row.name),
  }
}

/** How each table is read by a statement with these values. */
export async function accessesOf(
  client: pg.Client,
  relations: Relations,
  text: string,
  values: readonly unknown[],
): Promise<Access[]> {
  const { rows } = await client.query(`explain (format json) ${text}`, [...values])
  const found: Access[] = []
  const walk = (node: Node, above: string) => {
    const relation = node['Relation Name'] ?? above
    const type = node['Node Type']
    const add = (by: string, condition = '') =>
      found.push({ table: relations.tableOf(relation), relation, by, condition })
    if (type === 'Seq Scan' || type === 'Sample Scan') add('the whole table')
    else if (/Index (Only )?Scan/.test(type)) add(node['Index Name'] ?? '', node['Index Cond'])
    for (const below of node.Plans ?? []) walk(below, node['Relation Name'] ?? above)
  }
  walk(rows[0]['QUERY PLAN'][0].Plan as Node, '')
  return found
}

/** The tables of which a statement asks every month, however many there are. */
export function everyMonth(relations: Relations, accesses: readonly Access[]): Access[] {
  return [...new Set(accesses.map(one => one.table))].flatMap(table => {
    const asked = new Set(accesses.filter(one => one.table === table).map(one => one.relation))
    const isAll =
      relations.monthsOf(table).length > 0 && relations.monthsOf(table).every(month => asked.has(month))
    return isAll ? [{ table, relation: table, by: 'every month', condition: '' }] : []
  })
}
