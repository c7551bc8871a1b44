-- from search('农村 公路'): the sections and goals in which these words stand, the most telling first.
-- The words are those of text_words; the ordinal -1 there stands for the goals of an evaluation.
create macro search(words) as table
with asked as (
  select distinct unnest(string_split(trim(words), ' ')) as word
),
rarity as (
  select word, ln(1 + (select count(*) from text_words) / count(*)) as weight from text_words group by word
),
found as (
  select t.document_id, t.evaluation_id, t.ordinal, count(*) as hits, sum(t.count * r.weight) as relevance
  from text_words t join asked using (word) join rarity r using (word)
  group by all
)
select d.file_name, e.unit, e.project_name, s.heading,
       coalesce(s.text, concat_ws(' ', e.goal_expected, e.goal_actual)) as text,
       s.page, f.relevance, f.document_id, f.evaluation_id, f.ordinal
from found f
join documents d on d.document_id = f.document_id and d.duplicate_of is null
left join sections s on s.document_id = f.document_id and s.ordinal = f.ordinal
left join evaluations e on e.evaluation_id = f.evaluation_id
order by f.hits desc, f.relevance desc
