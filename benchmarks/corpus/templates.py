"""All templates."""

from __future__ import annotations

from benchmarks.corpus.forms import Template
from benchmarks.corpus.forms_money import (
    flatlist_blocks,
    flatlist_options,
    henan_blocks,
    henan_options,
    hubei_blocks,
    hubei_options,
    shandong_blocks,
    shandong_options,
    transfer_blocks,
    transfer_options,
    zhejiang_blocks,
    zhejiang_options,
)
from benchmarks.corpus.forms_novel import novel_blocks, novel_options
from benchmarks.corpus.forms_project import (
    beijing_blocks,
    beijing_options,
    national_blocks,
    national_options,
    shanghai_blocks,
    shanghai_options,
    sichuan_blocks,
    sichuan_old_blocks,
    sichuan_old_options,
    sichuan_options,
    yunnan_blocks,
    yunnan_options,
)
from benchmarks.corpus.forms_sheet import (
    anhui_blocks,
    anhui_options,
    guangdong_blocks,
    guangdong_options,
    hunan_scores_blocks,
    hunan_scores_options,
    jiangsu_blocks,
    jiangsu_options,
    ningxia_blocks,
    ningxia_options,
)
from benchmarks.corpus.forms_unit import (
    chongqing_blocks,
    chongqing_options,
    gansu_blocks,
    gansu_options,
    hunan_blocks,
    hunan_options,
)

TEMPLATES: tuple[Template, ...] = (
    Template("national", national_options, national_blocks),
    Template("shanghai", shanghai_options, shanghai_blocks),
    Template("yunnan", yunnan_options, yunnan_blocks),
    Template("sichuan", sichuan_options, sichuan_blocks),
    Template("sichuanold", sichuan_old_options, sichuan_old_blocks),
    Template("chongqing", chongqing_options, chongqing_blocks),
    Template("hubei", hubei_options, hubei_blocks),
    Template("hunan", hunan_options, hunan_blocks),
    Template("hunanscores", hunan_scores_options, hunan_scores_blocks),
    Template("transfer", transfer_options, transfer_blocks),
    Template("jiangsu", jiangsu_options, jiangsu_blocks),
    Template("zhejiang", zhejiang_options, zhejiang_blocks),
    Template("ningxia", ningxia_options, ningxia_blocks),
    Template("beijing", beijing_options, beijing_blocks),
    Template("guangdong", guangdong_options, guangdong_blocks),
    Template("anhui", anhui_options, anhui_blocks),
    Template("shandong", shandong_options, shandong_blocks),
    Template("flatlist", flatlist_options, flatlist_blocks),
    Template("henan", henan_options, henan_blocks),
    Template("gansu", gansu_options, gansu_blocks),
    Template("novel", novel_options, novel_blocks),
)
