"""The commands of `ziping`: thin skins over the documented functions of the other rooms (各命令)."""
