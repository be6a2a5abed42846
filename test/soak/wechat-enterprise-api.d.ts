declare module 'wechat-enterprise-api' {
  type Done = (error: (Error & { code?: number }) | null, answer: Record<string, unknown>) => void

  /** The part of the client that tests use. */
  export default class EnterpriseApi {
    prefix: string
    constructor(corpId: string, secret: string, agentId: number)
    getDepartments(done: Done): void
    getUser(userId: string, done: Done): void
    getDepartmentUsersDetail(departmentId: number, fetchChild: number, status: number, done: Done): void
    createTag(name: string, done: Done): void
    addTagUsers(tagId: number, userIds: string[], done: Done): void
    deleteTagUsers(tagId: number, userIds: string[], done: Done): void
    listTags(done: Done): void
    send(to: object, message: object, done: Done): void
    getUserIdByCode(code: string, done: Done): void
  }
}
