import * as v from 'valibot';

/** Problem details (RFC 9457), as every answer that is none has them. */
export const ProblemSchema = v.object({
  type: v.pipe(v.string(), v.description('Always `about:blank`: the status says which kind of problem it is.')),
  title: v.pipe(v.string(), v.description('The name of the status.')),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  detail: v.pipe(v.string(), v.description('What was wrong, what was given, what is allowed, what to do.')),
});
