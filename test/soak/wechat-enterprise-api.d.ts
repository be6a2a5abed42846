declare module 'wechat-enterprise-api' {
  type AnswerCallback = (error: (Error & { code?: number }) | null, answer: Record<string, unknown>) => void

  /** The part of the client that tests use. */
  export default class EnterpriseApi {
    prefix: string
    constructor(corpId: string, secret: string, agentId: number)
    getDepartments(done: AnswerCallback): void
    getUser(userId: string, done: AnswerCallback): void
    getDepartmentUsersDetail(
      departmentId: number,
      fetchChild: number,
      status: number,
      done: AnswerCallback,
    ): void
    createTag(name: string, done: AnswerCallback): void
    addTagUsers(tagId: number, userIds: string[], done: AnswerCallback): void
    deleteTagUsers(tagId: number, userIds: string[], done: AnswerCallback): void
    listTags(done: AnswerCallback): void
    send(to: object, message: object, done: AnswerCallback): void
    getUserIdByCode(code: string, done: AnswerCallback): void
  }
}
