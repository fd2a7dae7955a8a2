export { approvedAs, Decided, decidedColumns, decisionOf, IS_DRAFT, type Refusal, refuse } from './decided.ts';
export { Decides } from './decides.ts';
export { type Decision, isToDo } from './decision.ts';
export { PersonDto, RejectionDto } from './person.dto.ts';
