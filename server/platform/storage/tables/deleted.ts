export type DeletedTables = {
  deleted_object: {
    corp_id: string
    kind: 'app' | 'developer'
    id: string
    name: string
    deleted_at: Date
    deleted_by: string
    rows: string
  }
}
